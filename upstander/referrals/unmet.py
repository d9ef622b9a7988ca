"""Unmet need, counted by need, town, language and hour; what is small is hidden (``editions``)."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext_lazy as _

from upstander.base.joint import Counted, Division, Row
from upstander.base.languages import BY_CODE
from upstander.directory.vocabulary import NEEDS
from upstander.editions.keeping import Edition, Where, editions_of
from upstander.people.scope import Viewer
from upstander.places.models import District, School

KEY: Final = "needs.unmet"
UNMET: Final = "unmet"
#: The tables' and groups' names, which an edition keeps for good.
TABLES: Final = ("Need", "Town", "Language", "Hour")
HOURS: Final = ("0:00 to 6:00", "6:00 to 12:00", "12:00 to 18:00", "18:00 to 24:00")
NOT_SAID: Final = "Not said"
ELSEWHERE: Final = "Elsewhere"
#: What a page says for them; towns, and what has no other name, stand as they are.
_SAID: Final = {
    "Need": _("Need"),
    "Town": _("Town"),
    "Language": _("Language"),
    "Hour": _("Hour"),
    NOT_SAID: _("Not said"),
    ELSEWHERE: _("Elsewhere"),
}


def said(name: str) -> str:
    """Say a table or a group of the edition in words."""
    return str(_SAID.get(name, name))


def edition_of(viewer: Viewer, district: District, where: Where) -> Edition:
    """Return what is published of a half-year; inside ``viewing``. Raises as ``editions_of``."""
    return editions_of(viewer, where, (KEY,), lambda: {KEY: counted(district, where)})[KEY]


def counted(district: District, where: Where) -> Counted:
    """Return the needs of a half-year's contacts by all that they are compared by."""
    schools = School.objects.filter(district_id=district.pk).order_by("town")
    towns = tuple(dict.fromkeys(town for town in schools.values_list("town", flat=True) if town))
    needs = {key: need.label("en") for key, need in NEEDS.items()}
    languages = {code: one.english for code, one in BY_CODE.items()}
    known = {town.casefold(): town for town in towns}
    rows = [
        Row(
            (
                needs.get(need, ELSEWHERE),
                known.get(town.casefold(), ELSEWHERE) if town else NOT_SAID,
                languages.get(language, ELSEWHERE),
                HOURS[hours],
            ),
            frozenset({UNMET}) if unmet else frozenset(),
            many,
        )
        for need, town, language, hours, unmet, many in _rows(district, where)
    ]
    # Groups that nobody is in stand there too: a town that were missing would tell of one.
    groups: tuple[tuple[str, ...], ...] = (
        (*needs.values(), ELSEWHERE),
        (*towns, ELSEWHERE, NOT_SAID),
        (*languages.values(), ELSEWHERE),
        HOURS,
    )
    divisions = [
        Division(name, tuple(dict.fromkeys(some)))
        for name, some in zip(TABLES, groups, strict=True)
    ]
    return Counted(divisions, (UNMET,), rows)


def _rows(district: District, where: Where) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT need, town, language, hours, unmet, many FROM api.unmet_needs("
            "p_district => %s, p_from => %s, p_until => %s)",
            [district.pk, *where.half.span(ZoneInfo(district.time_zone))],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
