"""What the tests of the public pages share."""

from upstander.doors.tests.site import site

__all__ = ["site"]
