"""On which days a State's offices work."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext
from msgspec import Meta

from upstander.rulefiles import Protects, Words


class OfficeDays(Protects, frozen=True, kw_only=True):
    """Monday to Friday, but for the public holidays of a region."""

    key: str = ""
    label: Words = "Days on which the State’s offices work"
    #: Whose holidays (oncall/days.py): the country's alone, or a State's.
    holidays_of: Annotated[
        str, Meta(pattern=r"\AUS(-[A-Z]{2})?\Z", description="US, or US- and a State's two letters")
    ]

    @property
    def says(self) -> str:
        """Which days."""
        return gettext("Monday to Friday but for the public holidays of %(region)s") % {
            "region": self.holidays_of
        }

    @property
    def file(self) -> str:
        """The name under which it is confirmed."""
        return f"days-{self.key}"
