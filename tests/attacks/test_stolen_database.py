"""Promise 3: a stolen database, its log and a dump tell no story.

The whole data folder is searched, write-ahead log included, and a `pg_dump` in plain SQL as well,
because compressed pages would hide clear text from a plain search. The words searched for were
written in a tip, its answers, a reply, a note, a brief, a draft, an assessment and a file's name.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.http import Http404

from conftest import Cast
from upstander.command.postgres import program
from upstander.config.database import Role as LoginRole
from upstander.config.database import password_of
from upstander.decisions.actions import close_tip
from upstander.intake.priority import Priority
from upstander.intake.routing import NoCenter
from upstander.people.keys import Locked, person_mac
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.actions.writing import add_note, add_reply, save_draft
from upstander.tips.envelopes import open_words
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, words_shown
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import assess_tip, claim_tip
from upstander.vault.bound import bound
from upstander.vault.errors import GrantBroken, VaultError
from upstander.vault.grants import open_grant
from upstander.vault.holders import new_key_pair
from upstander.vault.seeds import Audience

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def marks() -> Iterator[str]:
    """Words that occur nowhere else; each is long enough that finding it is no accident."""
    while True:
        yield f"zimtstern{uuid4().hex}"


def dump() -> bytes:
    home = settings.HOME
    done = subprocess.run(
        [program("pg_dump"), "--inserts", connection.settings_dict["NAME"]],
        env={
            **os.environ,
            "PGHOST": str(home.socket),
            "PGUSER": LoginRole.OWNER.login,
            "PGPASSWORD": password_of(LoginRole.OWNER, home),
        },
        capture_output=True,
        check=True,
    )
    return done.stdout


def everything_on_disk() -> Iterator[tuple[Path, bytes]]:
    for folder, _folders, files in os.walk(settings.HOME.root):
        for file in files:
            path = Path(folder) / file
            if path.is_file() and not path.is_symlink():
                # Another worker's database may be dropped while this one looks.
                with contextlib.suppress(FileNotFoundError):
                    yield path, path.read_bytes()


@pytest.fixture
def story(committed_cast: Cast) -> dict[str, str]:
    """Write a marked word into each place where somebody's words are kept."""
    mark = marks()
    said = {
        place: next(mark)
        for place in (
            "tip",
            "answer",
            "second message",
            "reply",
            "note",
            "draft",
            "brief",
            "assessment",
            "closing",
            "file name",
        )
    }
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=said["tip"],
            language="en",
            tile="bullying",
            answers={"subject": said["answer"], "when": "days"},
            school_id=committed_cast.cedar.pk,
        )
    )
    said["return code"] = str(filed.code)
    said["session cookie"] = filed.session_token
    reporter.add_message(filed.session_token, said["second message"])
    reporter.attach(
        filed.session_token, uuid4(), {"name": said["file name"], "size": 1, "kind": "other"}
    )
    alice, tom = committed_cast.viewer("alice"), committed_cast.viewer("tom")
    claim_tip(alice, filed.tip_id)
    opened = open_tip(alice, filed.tip_id)
    add_reply(opened, said["reply"])
    add_note(opened, said["note"])
    save_draft(opened, "brief", said["draft"])
    assess_tip(opened, {}, Priority.ROUTINE, reason=said["assessment"])
    hand_off(opened, [committed_cast.teams["cedar"].pk], said["brief"])
    close_tip(open_tip(tom, filed.tip_id), "support_given", said["closing"])
    said["staff token"] = alice.token
    return said


def test_no_word_is_in_the_dump_or_anywhere_on_disk(
    story: dict[str, str], real_database: SignIn
) -> None:
    connection.close()
    with psycopg.connect(
        f"host={settings.HOME.socket} user=postgres dbname=postgres"
        f" password={(settings.HOME.passwords / 'superuser').read_text().strip()}",
        autocommit=True,
    ) as superuser:
        superuser.execute("CHECKPOINT")
    text = dump()
    assert b"tips_message" in text
    for place, word in story.items():
        for form in (word.encode(), word.encode().hex().encode(), word.encode("utf-16-le")):
            assert form not in text, place
    seen = 0
    for path, content in everything_on_disk():
        seen += 1
        for place, word in story.items():
            assert word.encode() not in content, f"{place} is readable in {path}"
    assert seen > 100


def test_the_dump_tells_who_a_tip_is_about_only_until_somebody_has_read_it(
    committed_cast: Cast, real_database: SignIn
) -> None:
    school, me = committed_cast.cedar.pk, {"who": "me"}
    new = reporter.NewTip("u" * 20, "At home.", language="en", answers=me, school_id=school)
    unread = reporter.file_tip(new)
    read = reporter.file_tip(replace(new, token="r" * 20))
    words_shown(open_tip(committed_cast.viewer("alice"), read.tip_id))
    connection.close()
    rows = [
        line for line in dump().splitlines() if line.startswith(b"INSERT INTO public.tips_unread")
    ]
    assert any(str(unread.tip_id).encode() in row for row in rows)
    assert not any(str(read.tip_id).encode() in row for row in rows)


def test_a_member_of_one_team_with_the_dump_opens_nothing_of_anothers_tip(
    committed_cast: Cast, real_database: SignIn
) -> None:
    """Charlie leaves with a copy of the database, his own key and his team's key."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token="t" * 20, text="A tip.", language="en", school_id=committed_cast.cedar.pk
        )
    )
    owner = real_database(LoginRole.OWNER)
    stolen = owner.execute(
        "SELECT audience, holder, key_version, blob FROM vault_grant WHERE tip_id = %s",
        [filed.tip_id],
    ).fetchall()
    assert {row[0] for row in stolen} == {"dialog", "center"}
    charlie = committed_cast.people["charlie"].pk
    keys = [committed_cast.keys.people[charlie], *_other_team_keys(committed_cast, "lakeside")]
    for audience, holder, version, blob in stolen:
        for private in keys:
            with pytest.raises(GrantBroken):
                open_grant(
                    blob,
                    tip=filed.tip_id,
                    audience=Audience(audience),
                    holder=holder,
                    version=version,
                    private=private,
                )


def _other_team_keys(cast: Cast, name: str) -> list[bytes]:
    return [key for team, key in cast.keys.teams.items() if team != cast.teams[name].pk]


def test_an_accused_member_with_the_teams_key_and_the_dump_opens_nothing(
    committed_cast: Cast, real_database: SignIn
) -> None:
    """Tom is named in a tip. He holds Cedar's key; the hand-off must not go to it."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token="t" * 20,
            text="About Tom.",
            language="en",
            tile="adult",
            school_id=committed_cast.cedar.pk,
        )
    )
    tom = committed_cast.people["tom"].pk
    alice = committed_cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    opened = open_tip(alice, filed.tip_id)
    exclude_people(opened, [tom])
    hand_off(opened, [committed_cast.teams["cedar"].pk], "Brief without him.")

    owner = real_database(LoginRole.OWNER)
    grants = owner.execute(
        "SELECT audience, holder, key_version, blob FROM vault_grant WHERE tip_id = %s"
        " AND holder NOT LIKE 'team:' || %s",
        [filed.tip_id, committed_cast.teams["lakeside"].pk],
    ).fetchall()
    assert grants
    assert committed_cast.teams["cedar"].holder not in {holder for _, holder, _, _ in grants}
    cedar = committed_cast.teams["cedar"].pk
    his = [committed_cast.keys.people[tom], committed_cast.keys.teams[cedar]]
    for audience, holder, version, blob in grants:
        for private in his:
            with pytest.raises(GrantBroken):
                open_grant(
                    blob,
                    tip=filed.tip_id,
                    audience=Audience(audience),
                    holder=holder,
                    version=version,
                    private=private,
                )

    # His colleague opens it as herself.
    assert Audience.CASE in open_tip(committed_cast.viewer("uma"), filed.tip_id).seeds

    # And nothing in the database says in clear that it is he.
    text = dump().decode()
    line = next(row for row in text.splitlines() if "INTO public.matters_exclusion" in row)
    # Nor whom it was handed to by name: no row holds anybody's code, by which exclusions could be
    # tried.
    assert any(holder.startswith("own:") for _, holder, _, _ in grants)
    held = [name for name, one in committed_cast.people.items() if person_mac(one.pk).hex() in text]
    assert held == []
    assert bound(person_mac(tom), Tip.objects.get(pk=filed.tip_id).matter_id).hex() in line
    assert f", {tom}," not in line


def test_an_accused_member_finds_no_trace_through_the_database(
    committed_cast: Cast, real_database: SignIn
) -> None:
    filed = reporter.file_tip(
        reporter.NewTip(
            token="t" * 20,
            text="About Tom.",
            language="en",
            tile="adult",
            school_id=committed_cast.cedar.pk,
        )
    )
    alice, tom = committed_cast.viewer("alice"), committed_cast.viewer("tom")
    claim_tip(alice, filed.tip_id)
    opened = open_tip(alice, filed.tip_id)
    hand_off(
        opened,
        [committed_cast.teams["cedar"].pk],
        "Sent before anybody knew.",
        mentioned=[tom.person_id],
    )
    exclude_people(opened, [tom.person_id])
    staff = real_database(LoginRole.STAFF)
    for active_role in (
        "upstander_school",
        "upstander_center",
        "upstander_district",
        "upstander_admin",
    ):
        staff.execute(f"SET ROLE {active_role}".encode())
        staff.execute("SELECT set_config('upstander.token', %s, false)", [tom.scope])
        for table in (
            "tips_tip",
            "tips_message",
            "tips_note",
            "tips_recipient",
            "escalations_alert",
            "escalations_page",
            "escalations_step",
            "triage_handoff",
            "decisions_closing",
            "audit_entry",
            "matters_matter",
            "matters_exclusion",
            "vault_shredkey",
            "vault_grant",
        ):
            try:
                rows = staff.execute(f"SELECT * FROM {table}".encode()).fetchall()
            except psycopg.errors.InsufficientPrivilege:
                continue
            assert str(filed.tip_id) not in str(rows), (active_role, table)
            if table != "audit_entry":
                assert rows == [], (active_role, table)
        staff.execute("RESET ROLE")


def test_a_swapped_public_key_is_refused_before_anything_is_sealed_to_it(
    committed_cast: Cast, real_database: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever can write the database puts their own key in the center's place."""
    theirs = new_key_pair()
    real_database(LoginRole.OWNER).execute(
        "UPDATE vault_holderkey SET public = %s WHERE holder = %s",
        [theirs.public, committed_cast.teams["lakeside"].holder],
    )

    def tell(school: int) -> None:
        reporter.file_tip(
            reporter.NewTip(token="t" * 20, text="A tip.", language="en", school_id=school)
        )

    with pytest.raises(NoCenter):
        tell(committed_cast.cedar.pk)
    assert "is not what was signed" in caplog.text
    # Nobody else's door is shut by it, and nobody else's center gets what was meant for this one.
    tell(committed_cast.quay.pk)
    places = Tip.objects.values_list("district_id", flat=True)
    assert list(places) == [committed_cast.harbor.pk]


def test_a_planted_membership_gives_no_key(committed_cast: Cast, real_database: SignIn) -> None:
    filed = reporter.file_tip(
        reporter.NewTip(
            token="t" * 20, text="A tip.", language="en", school_id=committed_cast.cedar.pk
        )
    )
    owner = real_database(LoginRole.OWNER)
    charlie, team = committed_cast.people["charlie"].pk, committed_cast.teams["lakeside"].pk
    owner.execute(
        "UPDATE people_membership SET team_id = %s, role = 'counselor' WHERE person_id = %s",
        [team, charlie],
    )
    viewer = committed_cast.viewer("charlie")
    with pytest.raises(Http404):
        open_tip(viewer, filed.tip_id)
    # Nor does somebody else's sealed key, moved to his name.
    alice = committed_cast.people["alice"].pk
    moved = "UPDATE vault_sealedkey SET member = %s WHERE member = %s"
    owner.execute(moved, [f"person:{charlie}", f"person:{alice}"])
    with pytest.raises(VaultError):
        open_tip(committed_cast.viewer("charlie"), filed.tip_id)


def test_the_return_code_opens_no_note(committed_cast: Cast, real_database: SignIn) -> None:
    """With the code and the whole database, a reporter gets the dialog's secret and no other."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token="t" * 20, text="A tip.", language="en", school_id=committed_cast.cedar.pk
        )
    )
    alice = committed_cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    opened = open_tip(alice, filed.tip_id)
    note = add_note(opened, "For the center only.")
    dialog = reporter.dialog_for(filed.session_token)
    for purpose in ("note", "message", "draft note"):
        with pytest.raises(VaultError):
            open_words(
                dialog.seed, purpose=purpose, tip=filed.tip_id, row=note.pk, sealed=note.sealed
            )
    assert json.dumps([said.text for said in dialog.messages]) == '["A tip."]'


def test_the_read_is_recorded_even_if_it_then_fails(committed_cast: Cast) -> None:
    """`open_tip` commits its entry first: whoever holds no key has still left a trace."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token="t" * 20, text="A tip.", language="en", school_id=committed_cast.cedar.pk
        )
    )
    locked = replace(committed_cast.viewer("bea"), private_seed=None)
    with pytest.raises(Locked):
        open_tip(locked, filed.tip_id)
    with viewing(locked), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_entry WHERE action = 'tip opened' AND actor_id = %s",
            [locked.person_id],
        )
        assert cursor.fetchone() == (1,)
