"""The clock always with its minutes: Django's own says "1 p.m.", "noon" and "midnight"."""

TIME_FORMAT = "g:i a"
DATETIME_FORMAT = "N j, Y, g:i a"
