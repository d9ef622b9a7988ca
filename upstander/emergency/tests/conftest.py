"""Fixtures of the tests of alerts."""

from upstander.escalations.tests.alerts import carrier, clock

__all__ = ["carrier", "clock"]
