"""Measurements, not tests: ``make bench``. Nothing here asserts a time, and no test run loads it."""
