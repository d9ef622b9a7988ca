"""What the tests of the app share."""

from upstander.doors.tests.site import site

__all__ = ["site"]
