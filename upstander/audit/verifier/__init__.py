"""What "whole" means, in plain Python: imported by the product, and handed out as one file.

Nothing in here imports anything but Python's own library (`single.py` puts it together).
"""
