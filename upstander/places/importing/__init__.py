"""The one way in for a table from elsewhere: read, shown first, row errors, a second person.

``reading`` streams rows, ``preview`` counts what would happen, ``shrinking`` asks a second person
before much of what stood would go. How they fit together: docs/mechanisms/import.md.
"""
