"""A throw-away app of the tests: the smallest that brings one of everything."""
