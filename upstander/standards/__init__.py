"""Published standards of the field, read and written as they are published; knows no app."""
