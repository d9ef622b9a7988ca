"""Measurements, not tests: ``make bench``. Nothing here asserts a time; no test run loads it."""
