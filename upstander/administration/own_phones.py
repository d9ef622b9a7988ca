"""Whose a number is already: no phone of ours is taken for a 911 center's line, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from upstander.base.phones import numbers_in
from upstander.carriers.providers import lines
from upstander.places.models import Center, District, School
from upstander.rulefiles import RuleFileWrong


@dataclass(frozen=True, slots=True)
class OwnPhone:
    """A number (E.164) that somebody of ours answers; ``school_id``: it is that school's."""

    number: str
    whose: str
    school_id: int | None = None


def own_phones(district: District) -> list[OwnPhone]:
    """Return what rings at a district's schools, at its center, or takes reporters' texts or calls.

    Call inside ``viewing``. Two queries.
    """
    center = Center.objects.get(pk=district.center_id)
    found = [
        OwnPhone(number, school.name, school.pk)
        for school in School.objects.filter(district=district)
        for number in sorted(numbers_in(school.emergency_contact))
    ]
    for phone in (center.callback_phone, center.interpreter_phone):
        found += [OwnPhone(number, center.name) for number in sorted(numbers_in(phone))]
    return [*found, *_lines()]


def _lines() -> Iterator[OwnPhone]:
    try:
        every = lines()
    except RuleFileWrong:
        return  # the status page says that the file can't be read
    for line in every:
        yield OwnPhone(line.number, gettext("the number that reporters call or text"))
        for number in (line.fallback, line.interpreter):
            if number:
                yield OwnPhone(number, gettext("the crisis center"))


def lines_to_911(center: Center) -> dict[str, str]:
    """Return the 911 centers' numbers (E.164) at a center's schools, each with its school's name.

    Call inside ``viewing``. One query.
    """
    schools = School.objects.filter(district__center=center).exclude(psap_phone="")
    return {number: one.name for one in schools for number in numbers_in(one.psap_phone)}
