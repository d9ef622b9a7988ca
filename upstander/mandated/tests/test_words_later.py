"""Words that are written down of a report later: asked about before a colleague reads them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from conftest import Cast
from upstander.mandated.actions import duties as actions
from upstander.mandated.models import Duty, DutyEvent, WideExclusion
from upstander.mandated.register.tests.test_register import told
from upstander.mandated.tests.test_duties import offices, right_now, sees, suspect, typed_now
from upstander.mandated.tests.test_who_of_staff import granted, rename
from upstander.mandated.written.models import Report
from upstander.matters.models import Exclusion
from upstander.people import factories
from upstander.people.models import Membership
from upstander.people.roles import Role

pytestmark = pytest.mark.django_db

WORDS = "It happened in the room of Ms. Rener after school"


def begun(cast: Cast, **more: Any) -> UUID:
    offices(cast)
    rename(cast, "hana", "Paula Renner")
    return suspect(cast, **more)


def answer(cast: Cast, meant: str, *names: str) -> dict[str, Any]:
    people = [cast.people[name].pk for name in names]
    return {"meant": meant, "meant_people": people, "asked_about": " ".join(map(str, people))}


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("note", {"kind": "note", "words": WORDS}),
        ("note", {"kind": "questions", "words": WORDS}),
        ("note", {"kind": "answer", "words": WORDS}),
        ("note", {"kind": "suspected", "words": "the boss of the school"}),
        ("first", {"way": "careline", "worker": "Ms. Rener’s sister"}),
        ("first", {"way": "careline", "advice": WORDS}),
        ("written/sent", {"how": "Through Ms. Rener"}),
        ("written", {"f_nature": WORDS, "typed": "Tess", "sign": "yes"}),
    ],
)
def test_all_that_its_owner_writes_is_asked_about_and_nothing_typed_is_lost(
    cast: Cast, act: str, sent: dict[str, Any]
) -> None:
    duty, client = begun(cast), cast.client("tess")
    if act.startswith("written"):
        actions.report_first(cast.viewer("tess"), duty, way="careline", at=right_now(), words={})
    at = f"/duties/{duty}/{act}"
    sent = {"at": typed_now(), **sent}
    before = DutyEvent.objects.filter(duty_id=duty).count()
    asked = client.post(at, sent)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Paula Renner (Cedar" in page
    for one in sent.values():
        assert one.replace("’", "’") in page
    # Without an answer, or with one about somebody else, nothing is kept.
    assert client.post(at, {**sent, **answer(cast, "not", "dino")}).status_code == 422
    assert client.post(at, {**sent, **answer(cast, "out")}).status_code == 422
    assert DutyEvent.objects.filter(duty_id=duty).count() == before
    assert not Report.objects.exists()
    assert granted(cast, duty) == ["hana", "dino", "cleo", "sol", "tess"]
    people = asked.context["form"].people
    names = [name for name, one in cast.people.items() if one.pk in people]
    done = client.post(at, {**sent, **answer(cast, "out", *names)})
    assert done.status_code == 302
    assert DutyEvent.objects.filter(duty_id=duty).count() > before + 1
    assert granted(cast, duty) == ["cleo", "sol", "tess"]
    for name in ("hana", "dino"):
        assert cast.client(name).get(f"/duties/{duty}").status_code == 404
    assert "KeyError" not in client.get(f"/duties/{duty}").content.decode()


def test_only_mentioned_keeps_the_words_and_excludes_nobody(cast: Cast) -> None:
    duty, client = begun(cast), cast.client("tess")
    sent = {"kind": "note", "words": WORDS, **answer(cast, "not", "hana")}
    assert client.post(f"/duties/{duty}/note", sent).status_code == 302
    assert not Exclusion.objects.exists()
    assert sees(cast.viewer("hana"), duty)
    # The next words are asked about again.
    sent = {"kind": "note", "words": f"{WORDS} again"}
    assert client.post(f"/duties/{duty}/note", sent).status_code == 422


def test_an_office_that_cant_keep_anybody_out_is_told_who_can_and_keeps_its_words(
    cast: Cast,
) -> None:
    duty = begun(cast)
    rename(cast, "dino", "Dino Falk")
    at, words = f"/duties/{duty}/said", "Mr. Falk phoned the Careline"
    asked = cast.client("hana").post(at, {"words": words})
    assert asked.status_code == 422
    assert words in asked.content.decode()
    refused = cast.client("hana").post(at, {"words": words, **answer(cast, "out", "dino")})
    assert refused.status_code == 422
    assert "tell them first" in refused.content.decode()
    assert words in refused.content.decode()
    assert not Exclusion.objects.exists()
    lead = cast.client("cleo").post(at, {"words": words, **answer(cast, "out", "dino")})
    assert lead.status_code == 302
    assert not sees(cast.viewer("dino"), duty)


def test_strangers_learn_nothing_by_writing(cast: Cast) -> None:
    duty = begun(cast)
    for name in ("tom", "uma", "charlie"):
        sent = cast.client(name).post(f"/duties/{duty}/note", {"words": WORDS, "kind": "note"})
        assert sent.status_code in (403, 404)


def test_the_copy_goes_past_whom_the_written_report_names(cast: Cast) -> None:
    duty, client = begun(cast), cast.client("tess")
    actions.report_first(cast.viewer("tess"), duty, way="careline", at=right_now(), words={})
    sent = {"f_nature": WORDS, "typed": "Tess", "sign": "yes"}
    client.post(f"/duties/{duty}/written", {**sent, **answer(cast, "out", "hana")})
    assert Report.objects.exists()
    client.post(f"/duties/{duty}/written/sent", {"at": typed_now(), "how": "fax"})
    assert Duty.objects.get(pk=duty).written_at
    assert told(cast, "duty_copy") == ["cleo"]
    assert granted(cast, duty) == ["cleo", "sol", "tess"]


def test_whoever_takes_the_office_later_and_is_named_gets_no_copy(cast: Cast) -> None:
    offices(cast)
    said = {"first_words": "The new man, Mr. Abernathy, hurts me."}
    duty, tess = suspect(cast, words=said), cast.viewer("tess")
    actions.report_first(tess, duty, way="careline", at=right_now(), words={})
    team = Membership.objects.get(person=cast.people["hana"]).team
    cast.people["abe"] = factories.make_person("Abel Abernathy", cast.keys)
    Membership.objects.filter(person=cast.people["hana"]).delete()
    factories.join(cast.people["abe"], team, Role.HEAD_OF_SCHOOL, cast.keys)
    actions.send_written(tess, duty, at=right_now(), words={})
    assert "abe" not in told(cast, "duty_copy")
    assert "abe" not in granted(cast, duty)
    assert told(cast, "duty_copy") == ["cleo"], "whoever depends on them is passed over too"


def test_so_many_that_nobody_is_left_wait_for_a_second_person_but_see_this_no_more(
    cast: Cast,
) -> None:
    offices(cast)
    filed_by = "tess"
    duty = suspect(cast, filed_by)
    people = ["hana", "dino", "cleo", "sol"]
    sent = {"kind": "note", "words": "Hana, Dino, Cleo and Sol all knew"}
    sent |= answer(cast, "out", *people)
    assert cast.client("tess").post(f"/duties/{duty}/note", sent).status_code == 302
    assert [n for n in people if sees(cast.viewer(n), duty)] == []
    assert not WideExclusion.objects.exists(), "a report of no tip takes nobody's work away"
