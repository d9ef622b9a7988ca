"""What is published of a half-year that is over, and kept as it was.

``halves`` the spans, ``keeping`` the one way by which counts of groups leave. How they are hidden:
docs/mechanisms/published-figure.md.
"""
