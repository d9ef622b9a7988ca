"""A team's member keeps a colleague from a tip at once, and is never left alone by that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import Error, connection

from conftest import Cast
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.cases.actions.keeping_out import keep_from_tip
from upstander.desk.tests.tips import a_tip
from upstander.matters.models import Exclusion
from upstander.people.keys import person_mac
from upstander.people.models import Person
from upstander.people.scope import viewing
from upstander.tips.actions.not_see import dismiss_not_see
from upstander.tips.models import Note
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.django_db

WORDS = "She says that it was Ms. Marsh"


@pytest.fixture
def tip(cast: Cast) -> UUID:
    Person.objects.filter(pk=cast.people["uma"].pk).update(name="Una Marsh")
    filed = a_tip(cast, text="Help", answers={"not_see": "somebody"})
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    dismiss_not_see(open_tip(alice, filed.tip_id), "Nobody of the school.")
    hand_off(open_tip(alice, filed.tip_id), [cast.teams["cedar"].pk], "Look at this.")
    return filed.tip_id


def note(cast: Cast, tip: UUID, words: str, *out: int) -> Any:
    sent: dict[str, Any] = {"text": words}
    if out:
        asked = " ".join(map(str, out))
        sent |= {"meant": "out", "meant_people": list(out), "asked_about": asked}
    return cast.client("tom").post(f"/team/{tip}/note", sent)


def test_whom_a_note_is_about_is_kept_out_before_it_is_kept(cast: Cast, tip: UUID) -> None:
    uma, before = cast.people["uma"].pk, Note.objects.count()
    assert note(cast, tip, WORDS).status_code == 422
    assert note(cast, tip, WORDS, uma).status_code == 302
    assert Note.objects.count() == before + 1
    assert cast.client("uma").get(f"/team/{tip}").status_code == 404
    assert cast.client("tara").get(f"/team/{tip}").status_code == 200
    told = Notice.objects.filter(kind="team_keeps_out").values_list("person_id", flat=True)
    assert list(told) == [cast.people["sam"].pk], "the center's supervisor looks at it"


def test_nobody_is_left_alone_by_their_own_word(cast: Cast, tip: UUID) -> None:
    Person.objects.filter(pk=cast.people["tara"].pk).update(name="Tara Quist")
    uma, tara = cast.people["uma"].pk, cast.people["tara"].pk
    both = note(cast, tip, f"{WORDS} and Ms. Quist", uma, tara)
    assert both.status_code == 422
    assert "Only you would be left" in both.content.decode()
    assert not Exclusion.objects.exists()
    assert Notice.objects.filter(kind="team_keeps_out").exists(), "the center is asked"
    keep_from_tip(cast.viewer("tom"), tip, [uma])
    one_more = note(cast, tip, "Ms. Quist knew", tara)
    assert "Only you would be left" in one_more.content.decode()
    assert cast.client("tara").get(f"/team/{tip}").status_code == 200


def test_only_colleagues_of_the_team_and_by_whoever_has_it(cast: Cast, tip: UUID) -> None:
    for name in ("alice", "dee", "bob", "tom"):
        with pytest.raises(Refused):
            keep_from_tip(cast.viewer("tom"), tip, [cast.people[name].pk])
    mac = person_mac(cast.people["uma"].pk)
    for who in ("bob", "uma", "dee"):
        viewer = cast.viewer(who)
        with pytest.raises(Error), viewing(viewer), connection.cursor() as cursor:
            cursor.execute("SELECT api.keep_from_tip(%s, %s::bytea[])", [tip, [mac]])
    assert not Exclusion.objects.exists()
