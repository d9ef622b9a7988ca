"""Day, month, year; Django has no Arabic form for a date with its time."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، g:i A"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
