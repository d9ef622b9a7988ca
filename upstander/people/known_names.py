"""By which names a colleague is or was known: what is written of one may mean any of them.

Whoever is accused under one name must not be let in under another. So a name that was theirs, the
one that they were invited by, and an address that was changed stay beside them, sealed like their
name. ``tips/known_names.py`` says what of that is compared with words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from upstander.base.refused import Refused
from upstander.people.models import Person


def known_as(kept: str | None, email: str) -> tuple[str, ...]:
    """Return the other names of somebody, as kept, and their addresses, today's last."""
    return tuple(dict.fromkeys([*(kept or "").splitlines(), email]))


def keep_names(person_id: int, *names: str, now: str | None = None) -> bool:
    """Keep names and addresses beside somebody, and call them ``now`` from now on.

    The name of before is kept too. Returns whether they are called otherwise: the database tells
    their teams' leads (``carriers_renamed``). Call it in the transaction of what made it so.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    renamed = now is not None and now != person.name
    kept = dict.fromkeys((person.known_as or "").splitlines())
    added = [*names, *([person.name] if renamed else [])]
    for name in (" ".join(one.split()) for one in added):
        if name and name != (now or person.name):
            kept.setdefault(name)
    changed: dict[str, str] = {"known_as": "\n".join(kept)} if kept else {}
    if renamed and now is not None:
        changed["name"] = now
    if changed and (renamed or changed["known_as"] != person.known_as):
        Person.objects.filter(pk=person_id).update(**changed)
    return renamed


def need_kept_word(person_id: int, name: str) -> None:
    """Raise Refused where somebody would give themselves a name without a word of their names.

    At any time, not only while something waits for a look at them: that would tell them.
    """
    person = Person.objects.get(pk=person_id)
    before = [person.name, *(one for one in (person.known_as or "").splitlines() if "@" not in one)]
    if not _words([name]) & _words(before):
        raise Refused(
            _(
                "Keep your first or last name: colleagues must see who you are. If your "
                "whole name is new, an administrator can change it."
            )
        )


def _words(names: Iterable[str]) -> set[str]:
    apart = unicodedata.normalize("NFKD", " ".join(names)).casefold()
    bare = "".join(sign for sign in apart if not unicodedata.category(sign).startswith("M"))
    return {word for word in re.findall(r"[^\W\d_]+", bare) if len(word) > 1 or not word.isascii()}
