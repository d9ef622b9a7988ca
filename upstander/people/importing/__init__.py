"""The one way in for a table from elsewhere: read, shown first, row errors, a second person.

Rows are streamed (``standards/csv_tables.py``); ``preview`` counts what would happen; ``shrinking``
tells whether so much of what stood would go that somebody else agrees first. More:
docs/mechanisms/import.md.
"""
