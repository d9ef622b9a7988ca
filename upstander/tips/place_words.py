"""The own names of a district's places, left out of a text before it is compared with names.

"Maple Valley" stands in each address and in many a note; a colleague who is called Vale would be
asked about each time, and a question that is always asked is answered unread. Only names of two
words or more are left out, and none that are a colleague's own: "Valley" by itself may be Ms. Vale.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from upstander.matters.people_near import Near
from upstander.places.models import Center, District, School
from upstander.tips.blind_indexes import plain_words
from upstander.tips.known_names import names_of


def beside_places(text: str, district_id: int, near: Iterable[Near]) -> str:
    """Return a text without the names of a district's places; call inside ``viewing``."""
    return without_places(text, places_of([district_id]), near)


def places_of(district_ids: Collection[int]) -> list[str]:
    """Return what districts and their places are called; call inside ``viewing``."""
    found = [str(name) for name in Center.objects.values_list("name", flat=True)]
    found += District.objects.filter(pk__in=district_ids).values_list("name", flat=True)
    schools = School.objects.filter(district_id__in=district_ids)
    for names in schools.values_list("name", "address", "town", "psap_name"):
        found += names
    return found


def without_places(text: str, places: Iterable[str], near: Iterable[Near]) -> str:
    """Return a text without the names of places that stand in it as a whole."""
    people = {frozenset(name) for one in near for name in names_of(one)}
    phrases: set[tuple[str, ...]] = set()
    for place in places:
        words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", place)
        while words and words[0].isdigit():
            words = words[1:]
        # "Cedar Middle School" is called "Cedar Middle" too; a district by its town.
        for last in (len(words), len(words) - 1):
            phrase = tuple(words[:last])
            own = set(plain_words(" ".join(phrase)))
            if len(phrase) > 1 and not any(own <= name for name in people):
                phrases.add(phrase)
    for phrase in sorted(phrases, key=len, reverse=True):
        pattern = r"\s+".join(map(re.escape, phrase))
        text = re.sub(rf"(?<!\w){pattern}(?!\w)", " / ", text, flags=re.IGNORECASE)
    return text
