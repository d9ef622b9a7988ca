"""Words that are written down in a case about abuse: asked about before a colleague reads them."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cast
from upstander.cases.models import Case, CaseItem
from upstander.cases.tests.story import begin, sees
from upstander.matters.models import Exclusion
from upstander.people.models import Person

pytestmark = pytest.mark.django_db

ABUSE = Case.Concern.ABUSE
WORDS = "He says that Mr. Tompson locks the door"


def named(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["tom"].pk).update(name="Theo Tomson")


def answer(cast: Cast, meant: str, *names: str) -> dict[str, Any]:
    people = [cast.people[name].pk for name in names]
    return {"meant": meant, "meant_people": people, "asked_about": " ".join(map(str, people))}


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("note", {"kind": "note", "words": WORDS}),
        ("note", {"kind": "first_words", "words": WORDS}),
        ("person", {"name": "tompson", "role": "maker", "sure": "said"}),
        ("home", {"home": "yes", "words": WORDS}),
        ("action", {"kind": "other", "words": WORDS}),
    ],
)
def test_later_words_are_asked_about_and_their_reader_is_kept_out_first(
    cast: Cast, act: str, sent: dict[str, Any]
) -> None:
    named(cast)
    case, client = begin(cast, "tara", concern=ABUSE), cast.client("tara")
    before = CaseItem.objects.count()
    asked = client.post(f"/cases/{case}/{act}", sent)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Theo Tomson (Cedar" in page
    assert sent.get("words", "tompson") in page
    assert CaseItem.objects.count() == before
    client.post(f"/cases/{case}/{act}", {**sent, **answer(cast, "out", "tom")})
    assert not sees(cast.viewer("tom"), case)
    assert CaseItem.objects.count() > before
    assert cast.client("tom").get(f"/cases/{case}").status_code == 404
    assert cast.client("uma").get(f"/cases/{case}").status_code == 200


def test_only_mentioned_excludes_nobody(cast: Cast) -> None:
    named(cast)
    case, client = begin(cast, "tara", concern=ABUSE), cast.client("tara")
    sent = {"kind": "note", "words": WORDS, **answer(cast, "not", "tom")}
    assert client.post(f"/cases/{case}/note", sent).status_code == 302
    assert sees(cast.viewer("tom"), case)
    assert not Exclusion.objects.exists()


def test_who_did_it_is_asked_about_in_any_case_and_other_words_are_not(cast: Cast) -> None:
    named(cast)
    case, client = begin(cast, "tara"), cast.client("tara")
    sent = {"kind": "note", "words": "Mr. Tomson phoned the parents"}
    assert client.post(f"/cases/{case}/note", sent).status_code == 302
    person = {"name": "Mr. Tomson", "role": "staff", "sure": "said"}
    assert client.post(f"/cases/{case}/person", person).status_code == 422


def test_the_lead_of_a_case_is_not_kept_out_before_it_is_handed_over_and_no_word_is_lost(
    cast: Cast,
) -> None:
    named(cast)
    case, client = begin(cast, "tom", concern=ABUSE), cast.client("tara")
    sent = {"kind": "note", "words": WORDS, **answer(cast, "out", "tom")}
    refused = client.post(f"/cases/{case}/note", sent)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "They are the case lead" in page
    assert WORDS in page
    client.post(f"/cases/{case}/lead", {"person": cast.people["tara"].pk, "words": "A change"})
    assert client.post(f"/cases/{case}/note", sent).status_code == 302
    assert not sees(cast.viewer("tom"), case)


def test_whoever_would_not_read_it_is_not_asked_about(cast: Cast) -> None:
    case, client = begin(cast, "tara", concern=ABUSE), cast.client("tara")
    Person.objects.filter(pk=cast.people["alice"].pk).update(name="Alma Quist")
    sent = {"kind": "note", "words": "Ms. Quist of the center phoned"}
    assert client.post(f"/cases/{case}/note", sent).status_code == 302
