"""The register of allegations, stolen: nobody's name can be read in it, nor tried on its marks.

The dictionary holds the right name, which is more than a thief starts with; only the key file that
lies outside the database makes a mark of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings

from conftest import Cast
from tests.attacks.test_stolen_database import dump, everything_on_disk
from upstander.config.database import Role as LoginRole
from upstander.mandated.register import actions
from upstander.mandated.register.disclosing import Question, answer
from upstander.mandated.register.filing import Allegation
from upstander.mandated.register.marks import marks_for
from upstander.mandated.register.models import Entry
from upstander.mandated.register.reasons import Reason
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.places.keys import mac_holder, name_in, person_mac
from upstander.vault.errors import GrantBroken
from upstander.vault.grants import open_grant
from upstander.vault.seeds import Audience

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]
NAME = "Marisol Quintanilla"


def test_a_stolen_copy_names_nobody_and_lets_nobody_be_tried(
    committed_cast: Cast, real_database: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = committed_cast
    offices(cast)
    said = {place: f"zimtstern{uuid4().hex}" for place in ("words", "why", "asker", "ground")}
    cleo = cast.viewer("cleo")
    entry = actions.file_by_hand(
        cleo,
        Allegation(cast.maple.pk, date(2021, 3, 2), name=NAME, words={"words": said["words"]}),
    )
    actions.give_reason(cleo, entry, Reason.NEW, said["why"])
    answer(
        cleo,
        Question(cast.maple.pk, NAME, said["asker"], said["ground"], date(2021, 3, 5)),
        [entry],
    )
    suspect(cast, rule="employee", accused=(cast.people["tom"].pk,))
    text = dump()
    assert b"register_mark" in text
    words = {**said, "name": NAME, "part": "Quintanilla"}
    for place, word in words.items():
        for form in (word.encode(), word.encode().hex().encode()):
            assert form not in text, place
    for path, content in everything_on_disk():
        for place, word in words.items():
            assert word.encode() not in content, f"{place} is readable in {path}"

    tom = cast.people["tom"].pk

    def tried() -> int:
        marks = [*marks_for(cast.maple.pk, name=NAME), *marks_for(cast.maple.pk, person_id=tom)]
        return sum(mark.hex().encode() in text for mark in marks)

    assert tried() > 1, "with the key file, names can be tried: that is why it lies outside"
    assert person_mac(tom).hex().encode() not in text, "no row holds anybody's code"
    monkeypatch.setattr(settings, "PERSON_PEPPER", secrets.token_bytes(32))
    assert tried() == 0


def in_row(cast: Cast, name: str, folder: UUID) -> str:
    return name_in(cast.people[name].pk, folder)


def test_with_the_dump_and_their_own_keys_the_accused_and_the_reporter_open_nothing(
    committed_cast: Cast, real_database: SignIn
) -> None:
    cast = committed_cast
    offices(cast)
    suspect(cast, rule="employee", accused=(cast.people["sol"].pk,))
    folder = Entry.objects.get().folder_id
    grants = (
        real_database(LoginRole.OWNER)
        .execute(
            "SELECT holder, key_version, blob FROM places_foldergrant WHERE folder_id = %s",
            [folder],
        )
        .fetchall()
    )
    assert len(grants) == 8, "how many there are tells nothing"
    names = {holder: name for name in cast.people for holder in (in_row(cast, name, folder),)}
    found = [names[holder] for holder, _, _ in grants if holder in names]
    assert found == ["bo"], "the board's chair, and nobody else"
    for name in ("sol", "cleo", "tess", "hana"):
        held = cast.people[name].memberships.get().team_id
        for private in (cast.keys.people[cast.people[name].pk], cast.keys.teams[held]):
            for holder, version, blob in grants:
                for said in (holder, mac_holder(cast.people[name].pk), f"team:{held}"):
                    with pytest.raises(GrantBroken):
                        open_grant(
                            blob,
                            tip=folder,
                            audience=Audience.CASE,
                            holder=said,
                            version=version,
                            private=private,
                        )
