"""Training of staff: who owes which course until when, what was done, and who signed for it."""
