"""The error that a person at the keyboard can mend: its message is all that is shown."""


class PlainError(RuntimeError):
    """Something that the person who ran the command can put right. The message says how."""


class CannotServe(PlainError):
    """The system can't be started; the message says why and what to do."""
