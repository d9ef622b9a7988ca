"""Forms of the pages about people and places."""
