"""Arabic with Western digits, as it is written in the United States."""
