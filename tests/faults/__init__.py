"""Faults: what is killed, filled or taken away, and what must be kept all the same."""
