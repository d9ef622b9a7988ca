"""Sessions with students: counted, never known."""
