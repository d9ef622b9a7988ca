"""Places that are called alike, told apart where somebody chooses one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from upstander.places.models import School


def plain_name(name: str) -> str:
    """Return a name as a typed one is compared with it: no case, one blank between its words."""
    return " ".join(name.casefold().replace(",", " ").split())


def told_apart[K: Hashable](places: Iterable[tuple[K, str, Sequence[str]]]) -> Mapping[K, str]:
    """Return, by place, what tells it from others of its name; nothing of one that is alone.

    A place is its key, its name, and what may tell it apart, in the order in which it is tried
    (town, level, district). Where no one of these does, all of them stand there.
    """
    alike: defaultdict[str, list[tuple[K, Sequence[str]]]] = defaultdict(list)
    for key, name, details in places:
        alike[plain_name(name)].append((key, details))
    found: dict[K, str] = {}
    for same in alike.values():
        if len(same) < 2:
            continue
        tries = list(zip(*(details for _, details in same), strict=True))
        best = next((one for one in tries if all(one) and len(set(one)) == len(same)), None)
        for place, (key, details) in enumerate(same):
            found[key] = best[place] if best else ", ".join(filter(None, details))
    return found


def schools_told_apart(schools: Iterable[School]) -> Mapping[int, str]:
    """Return, by school, what tells it from another of its name; call inside ``viewing``."""
    return told_apart(
        (one.pk, one.name, (one.town, one.grades, one.district.name, one.slug)) for one in schools
    )
