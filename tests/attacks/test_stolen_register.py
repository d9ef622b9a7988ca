"""The register of allegations, stolen: no name can be read in it, nor tried on its blind indexes.

The dictionary holds the right name, which is more than a thief starts with; only the key file that
lies outside the database makes a blind index of it.
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
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.actions.changing import propose_change
from upstander.mandated.register.actions.disclosing import Question, answer
from upstander.mandated.register.actions.filing import Allegation
from upstander.mandated.register.blind_indexes import indexes_for
from upstander.mandated.register.models import Entry
from upstander.mandated.register.queries import same_person
from upstander.mandated.register.reasons import Reason
from upstander.mandated.register.tests.test_register import as_change
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people.keys import mac_holder, name_in, person_mac
from upstander.people.scope import viewing
from upstander.vault.bound import bound
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
    assert b"register_blindindex" in text
    words = {**said, "name": NAME, "part": "Quintanilla"}
    for place, word in words.items():
        for form in (word.encode(), word.encode().hex().encode()):
            assert form not in text, place
    for path, content in everything_on_disk():
        for place, word in words.items():
            assert word.encode() not in content, f"{place} is readable in {path}"

    tom = cast.people["tom"].pk

    def tried() -> int:
        blind_indexes = [
            *indexes_for(cast.maple.pk, name=NAME),
            *indexes_for(cast.maple.pk, person_id=tom),
        ]
        stored = [bound(blind_index, one) for blind_index in blind_indexes for one in entries]
        return sum(blind_index.hex().encode() in text for blind_index in stored)

    entries = list(Entry.objects.values_list("pk", flat=True))
    assert tried() > 1, "with the key file, names can be tried: that is why it lies outside"
    assert person_mac(tom).hex().encode() not in text, "no row holds anybody's code"
    monkeypatch.setattr(settings, "PERSON_PEPPER", secrets.token_bytes(32))
    assert tried() == 0


def test_two_entries_about_one_person_have_nothing_in_common(
    committed_cast: Cast, real_database: SignIn
) -> None:
    cast = committed_cast
    offices(cast)
    tom = cast.people["tom"]
    tom.name = NAME
    tom.save()
    for who in ("tess", "hana"):
        suspect(cast, who, rule="employee", accused=(tom.pk,))
    cleo = cast.viewer("cleo")
    by_hand = actions.file_by_hand(cleo, Allegation(cast.maple.pk, date(2021, 3, 2), name=NAME))
    other = actions.file_by_hand(cleo, Allegation(cast.maple.pk, date(2021, 3, 2), name="Rey Moss"))
    actions.give_reason(cleo, other, Reason.NEW, "Another name.")
    found = actions.open_entry(cleo, other)
    assert found is not None
    propose_change(found, as_change(found, name=NAME), why="It is known now.")
    with viewing(cleo):
        joined = same_person([by_hand])[by_hand]
    assert len(joined) == 2, "the desk finds them by its key"

    owner, blocks = real_database(LoginRole.OWNER), dict[bytes, UUID]()
    rows = owner.execute(
        "SELECT id, found_by FROM register_entry UNION ALL"
        " SELECT entry_id, blind_index FROM register_blindindex"
        " UNION ALL SELECT entry_id, found_by FROM register_proposal"
        " UNION ALL SELECT entry_id, unnest(blind_indexes) FROM register_proposal"
    ).fetchall()
    assert len(rows) > 10
    for entry, value in rows:
        for at in range(len(value) - 15):
            assert blocks.setdefault(value[at : at + 16], entry) == entry, "it joins two entries"
    text = dump()
    blind_indexes = [*indexes_for(cast.maple.pk, name=NAME, person_id=tom.pk)]
    for blind_index in blind_indexes:
        assert blind_index.hex().encode() not in text
    for path, content in everything_on_disk():
        for blind_index in blind_indexes:
            assert blind_index not in content, path
            assert blind_index.hex().encode() not in content, path


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
            "SELECT holder, key_version, blob FROM matters_foldergrant WHERE folder_id = %s",
            [folder],
        )
        .fetchall()
    )
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
