"""Journeys of the people for whom this is made, in a real browser on real servers."""
