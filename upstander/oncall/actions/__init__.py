"""Every write of the on-call plans: one durable transaction each, with its entry in the record."""


class CannotPlan(Exception):
    """It can't be done, or not now; the message is for the person who tried."""
