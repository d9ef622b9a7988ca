"""Advocates: whom they help, what was said, safety plans, and going along. Theirs alone."""
