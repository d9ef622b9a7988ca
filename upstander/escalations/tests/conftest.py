"""Fixtures of the tests of alerts."""

from upstander.escalations.tests.alerts import carrier, clock
from upstander.escalations.tests.phone import phone

__all__ = ["carrier", "clock", "phone"]
