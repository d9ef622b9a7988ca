"""People named in tips, attacked: with a stolen copy, a list of names, and old or planted keys.

Whoever has everything in the database must neither read a name nor find out, by trying likely ones,
who is named where. The dictionary holds the right names, which is more than a thief starts with.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings

from conftest import Cast
from tests.attacks.test_stolen_database import dump, everything_on_disk
from upstander.config.database import Role as LoginRole
from upstander.people.actions.leaving import remove_member
from upstander.tips import reporter
from upstander.tips.actions.subjects import (
    earlier_matters,
    name_subject,
    remove_subject,
    subjects_of,
)
from upstander.tips.blind_indexes import INDEX_BYTES, blind_indexes_of
from upstander.tips.models import Subject, SubjectBlindIndex
from upstander.tips.opening import NotGranted, OpenTip, open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import claim_tip
from upstander.vault.envelopes import derive
from upstander.vault.holders import KeyPair, new_key_pair, seal_private
from upstander.vault.models import HolderKey

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]

NAME = "Marisol Quintanilla"
DETAILS = "wears a lighthouse pin"
#: What a thief tries: the right name among others.
DICTIONARY = (NAME, "Ana Vega", "Kevin Torres", "Quintanilla", "Marisol")


def a_tip(cast: Cast) -> UUID:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="A tip.",
            language="en",
            tile="bullying",
            school_id=cast.cedar.pk,
        )
    ).tip_id


def opened(cast: Cast, tip_id: UUID, name: str = "alice") -> OpenTip:
    return open_tip(cast.viewer(name), tip_id)


def index_key(private: bytes) -> bytes:
    """Whoever holds a team's private seed can derive its index key."""
    return derive(private, "blind index")


def indexes_in(text: bytes, key: bytes) -> bool:
    """Tell whether any name of the dictionary is found in a dump with a key."""
    return any(
        blind_index.hex().encode() in text
        for name in DICTIONARY
        for blind_index in blind_indexes_of(name, key)
    )


def test_no_name_is_in_the_dump_or_anywhere_on_disk(
    committed_cast: Cast, real_database: SignIn
) -> None:
    name_subject(opened(committed_cast, a_tip(committed_cast)), NAME, DETAILS)
    text = dump()
    assert b"INTO public.tips_subjectblindindex" in text
    contents = [text, *(content for _path, content in everything_on_disk())]
    for word in ("Marisol", "Quintanilla", "quintanilla", "lighthouse"):
        for content in contents:
            assert word.encode() not in content
        assert word.encode().hex().encode() not in text


def test_a_dictionary_of_names_matches_nothing_without_the_teams_key(
    committed_cast: Cast, real_database: SignIn
) -> None:
    name_subject(opened(committed_cast, a_tip(committed_cast)), NAME)
    text = dump()
    ours = committed_cast.keys.teams[committed_cast.teams["lakeside"].pk]
    assert indexes_in(text, index_key(ours)), "with the key it does, or this would prove nothing"
    others = [key for key in committed_cast.keys.teams.values() if key != ours]
    # Every key that lies in a file of this machine, every other team's, each person's, and none.
    files = [path.read_bytes() for path in settings.HOME.keys.iterdir() if path.is_file()]
    people = list(committed_cast.keys.people.values())
    for secret in (*others, *people, *files, b"\0" * 32):
        if len(secret) >= 16:
            assert not indexes_in(text, index_key(secret))
            assert not indexes_in(text, secret)
    for name, hashed in itertools.product(DICTIONARY, ("sha256", "sha1", "md5", "blake2b")):
        for form in (name, name.lower(), " ".join(sorted(name.lower().split()))):
            digest = hashlib.new(hashed, form.encode()).digest()[:INDEX_BYTES]
            assert digest.hex().encode() not in text


def test_who_left_with_the_teams_key_matches_nothing_that_was_named_since(
    committed_cast: Cast, real_database: SignIn
) -> None:
    team = committed_cast.teams["lakeside"].pk
    taken = committed_cast.keys.teams[team]
    remove_member(committed_cast.viewer("sam"), team, committed_cast.people["bea"].pk)
    name_subject(opened(committed_cast, a_tip(committed_cast)), NAME)
    assert not indexes_in(dump(), index_key(taken))


def plant(owner: psycopg.Connection[tuple[Any, ...]], cast: Cast, name: str) -> KeyPair:
    """Give the center's team a newest key that the attacker knows, sealed to one of its members."""
    theirs, team = new_key_pair(), cast.teams["lakeside"].holder
    member = cast.people[name]
    public = HolderKey.objects.get(holder=member.holder, version=1).public
    owner.execute(
        "INSERT INTO vault_holderkey (holder, version, public, signature, created_at)"
        " SELECT holder, 2, %s, signature, now() FROM vault_holderkey"
        " WHERE holder = %s AND version = 1",
        [theirs.public, team],
    )
    owner.execute(
        "INSERT INTO vault_sealedkey (holder, version, member, member_version, blob)"
        " VALUES (%s, 2, %s, 1, %s)",
        [
            team,
            member.holder,
            seal_private(
                theirs.private,
                holder=team,
                version=2,
                member=member.holder,
                member_version=1,
                public=bytes(public),
            ),
        ],
    )
    return theirs


def test_a_planted_key_of_the_team_marks_no_name(
    committed_cast: Cast, real_database: SignIn
) -> None:
    """Whoever can write the database would otherwise know the key of the next blind indexes."""
    tip = a_tip(committed_cast)
    theirs = plant(real_database(LoginRole.OWNER), committed_cast, "alice")
    name_subject(opened(committed_cast, tip), NAME)
    text = dump()
    assert not indexes_in(text, index_key(theirs.private))
    ours = committed_cast.keys.teams[committed_cast.teams["lakeside"].pk]
    assert indexes_in(text, index_key(ours)), "the signed key is used instead"


def test_a_name_moved_to_another_tip_does_not_open(
    committed_cast: Cast, real_database: SignIn
) -> None:
    first, second = a_tip(committed_cast), a_tip(committed_cast)
    name_subject(opened(committed_cast, first), NAME)
    real_database(LoginRole.OWNER).execute("UPDATE tips_subject SET tip_id = %s", [second])
    (known,) = subjects_of(opened(committed_cast, second))
    assert NAME not in known.name


def found(cast: Cast, tip_id: UUID, name: str = "alice") -> list[UUID]:
    return [match.tip_id for match in earlier_matters(opened(cast, tip_id, name))]


def test_a_matter_that_is_kept_from_somebody_is_not_found_by_them(cast: Cast) -> None:
    first, second = a_tip(cast), a_tip(cast)
    name_subject(opened(cast, first), NAME)
    name_subject(opened(cast, second), NAME)
    exclude_people(opened(cast, first), [cast.people["tom"].pk])
    assert found(cast, second) == [first], "somebody at a school is excluded: the center finds it"

    exclude_people(opened(cast, first), [cast.people["bea"].pk])
    assert found(cast, second, "bea") == []
    # Bea holds the team's key: with a stolen copy she could try names on what is kept from her.
    assert not SubjectBlindIndex.objects.filter(tip_id=first).exists()
    name_subject(opened(cast, first), "Ana Vega")
    assert not SubjectBlindIndex.objects.filter(tip_id=first).exists()
    assert {known.name for known in subjects_of(opened(cast, first))} == {NAME, "Ana Vega"}
    assert found(cast, first) == [second], "from inside, the others are still found"


def test_a_school_and_its_district_neither_name_people_nor_see_them(cast: Cast) -> None:
    tip = a_tip(cast)
    claim_tip(cast.viewer("alice"), tip)
    center = opened(cast, tip)
    row = name_subject(center, NAME)
    hand_off(center, [cast.teams["cedar"].pk], "A brief.")
    team = opened(cast, tip, "tom")
    assert subjects_of(team) == []
    assert earlier_matters(team) == []
    with pytest.raises(NotGranted):
        name_subject(team, "Ana Vega")
    with pytest.raises(NotGranted):
        remove_subject(team, row.pk)
    assert Subject.objects.count() == 1


def test_the_database_shows_marks_to_the_tips_own_center_only(
    committed_cast: Cast, real_database: SignIn
) -> None:
    name_subject(opened(committed_cast, a_tip(committed_cast)), NAME)
    staff = real_database(LoginRole.STAFF)
    active_roles = ("upstander_center", "upstander_school", "upstander_district", "upstander_admin")
    for name in ("tom", "dee", "cora", "charlie", "ada"):
        token = committed_cast.viewer(name).scope
        for active_role, table in itertools.product(
            active_roles, ("tips_subject", "tips_subjectblindindex")
        ):
            staff.execute(f"SET ROLE {active_role}".encode())
            staff.execute("SELECT set_config('upstander.token', %s, false)", [token])
            try:
                assert staff.execute(f"SELECT * FROM {table}".encode()).fetchall() == []
            except psycopg.errors.InsufficientPrivilege:
                assert active_role != "upstander_center"
            finally:
                staff.execute("RESET ROLE")


def test_on_the_page_a_name_finds_the_earlier_tip_and_links_it(cast: Cast) -> None:
    first, second = a_tip(cast), a_tip(cast)
    client = cast.client("alice")
    client.post(f"/tips/{first}/subjects", {"name": NAME, "text": DETAILS})
    answer = client.post(f"/tips/{second}/subjects", {"name": "M. Quintanilla"}, follow=True)
    page = answer.content.decode()
    assert "1 other tip names someone similar" in page
    assert f"/tips/{first}" in page
    assert "one name and an initial" in page
    reference = earlier_matters(opened(cast, second))[0].reference
    client.post(f"/tips/{second}/link", {"reference": reference})
    assert earlier_matters(opened(cast, second))[0].linked
    row = Subject.objects.get(tip_id=first)
    client.post(f"/tips/{first}/subjects/{row.pk}/remove")
    assert NAME not in client.get(f"/tips/{first}").content.decode()
    for name, status in (("charlie", 403), ("cora", 404), ("tom", 403)):
        assert (
            cast.client(name).post(f"/tips/{second}/subjects", {"name": "X Y"}).status_code
            == status
        )
