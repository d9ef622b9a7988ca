"""What the tests of the doors share."""

from upstander.doors.tests.site import site

__all__ = ["site"]
