"""What was asked and answered waits for the report under any name it is kept under."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import Error

from conftest import Cast
from upstander.cases.actions.timeline import QuestionsWait, add_item
from upstander.cases.actions.together import link_case
from upstander.cases.guides import actions
from upstander.cases.models import Case, CaseItem
from upstander.cases.questioning import looks_asked
from upstander.cases.tests.story import begin, opened
from upstander.matters.models import MatterHold
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db

ABUSE, BULLYING = Case.Concern.ABUSE, Case.Concern.BULLYING
ASKED = "I asked the child who did it and he answered that it was his uncle"
CALM = {"weary": "no", "thoughts": "no", "before": "no", "safe": "yes"}


def press(cast: Cast, who: str, case: UUID, act: str, /, **sent: Any) -> Any:
    return cast.client(who).post(f"/cases/{case}/{act}", sent)


def kinds(case: UUID) -> list[str]:
    rows = CaseItem.objects.filter(case_id=case).order_by("number")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize(
    "words",
    [
        ASKED,
        "We questioned her in the office",
        "Who hurt you? My uncle.",
        "Q: Where?\nA: At home",
        "Le pregunté quién fue y respondió que su tío",
        "Pregunta: ¿quién? Respuesta: mi tío",
        "Entrevistamos al niño",
    ],
)
def test_words_that_look_like_questioning_are_met(words: str) -> None:
    assert looks_asked(words)


@pytest.mark.parametrize(
    "words", ["He came by himself and said that it hurts", "Llegó solo y dijo que le duele", "Ok."]
)
def test_plain_words_are_not(words: str) -> None:
    assert not looks_asked(words)


def test_a_note_that_looks_like_questioning_is_asked_about_once(cast: Cast) -> None:
    case = begin(cast, "tara", concern=ABUSE)
    before = kinds(case)
    asked = press(cast, "tara", case, "note", kind="note", words=ASKED)
    assert asked.status_code == 422
    assert ASKED in asked.content.decode()
    assert kinds(case) == before
    sent = {"kind": "note", "words": ASKED}
    assert press(cast, "tara", case, "note", **sent, questioned="yes").status_code == 422
    assert press(cast, "tara", case, "note", **sent, questioned="no").status_code == 302
    why = {"questioned": "yes", "questioned_why": "He was bleeding."}
    assert press(cast, "tara", case, "note", **sent, **why).status_code == 302
    assert kinds(case) == [*before, "note", "asked_why", "questioning"]
    # Whoever gave a reason asks; nobody else does by it.
    assert press(cast, "tara", case, "note", **sent).status_code == 302
    assert press(cast, "tom", case, "note", **sent).status_code == 422


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("person", {"name": "An uncle", "role": "outside", "sure": "said", "words": ASKED}),
        ("home", {"home": "yes", "words": ASKED}),
        ("action", {"kind": "other", "words": ASKED}),
        ("suicide", {"do": "told", "exact": ASKED, "who": "Me"}),
        ("plan", {"do": "decline", "declined": ASKED}),
        ("threat", {"do": "begin", "answer": "no", "why": ASKED}),
    ],
)
def test_no_other_form_takes_it_unasked(cast: Cast, act: str, sent: dict[str, str]) -> None:
    case = begin(cast, "tara", concern=ABUSE)
    before = kinds(case)
    answer = press(cast, "tara", case, act, **sent)
    assert answer.status_code == 422
    assert b"questioned_why" in answer.content
    assert kinds(case) == before


def test_suicide_questions_are_kept_at_any_time_and_words_beside_them_need_a_reason(
    cast: Cast,
) -> None:
    case = begin(cast, "tara", concern=ABUSE)
    tara = opened(cast, "tara", case)
    words = "Who hurt you: my uncle"
    with pytest.raises(QuestionsWait):
        actions.keep_answers(tara, "own", CALM, language="en", words=words)
    actions.keep_answers(tara, "own", CALM, language="en", words="")
    sent = {"do": "answers", "instrument": "own", "language": "en", "words": words}
    sent |= {f"q-{key}": answer for key, answer in CALM.items()}
    assert b"needs a reason" in cast.client("tom").get(f"/cases/{case}/suicide").content
    asked = press(cast, "tom", case, "suicide", **sent)
    assert asked.status_code == 422
    assert kinds(case).count("screening") == 1
    assert press(cast, "tom", case, "suicide", **sent, questioned="no").status_code == 422
    kept = press(cast, "tom", case, "suicide", **sent, questioned_why="In danger tonight")
    assert kept.status_code == 302
    assert kinds(case)[-3:].count("asked_why") == 1
    assert kinds(case).count("screening") == 2


def test_a_linked_case_is_no_way_around_it(cast: Cast) -> None:
    case = begin(cast, "tara", concern=ABUSE)
    between, other = begin(cast, "tara", concern=BULLYING), begin(cast, "tara", concern=BULLYING)
    for begun, to in ((case, between), (between, other)):
        link_case(opened(cast, "tara", begun), Case.objects.get(pk=to).reference)
    for who in ("tara", "tom"):
        one = opened(cast, who, other)
        with pytest.raises(QuestionsWait):
            add_item(one, "questioning", {"words": ASKED})
    tara = opened(cast, "tara", other)
    with pytest.raises(Error), viewing(tara.viewer) as now:  # nor past the page
        CaseItem.objects.create(
            case_id=other,
            district_id=tara.case.district_id,
            folder_id=other,
            number=99,
            kind="questioning",
            person_id=tara.viewer.person_id,
            at=now,
            sealed=b"",
        )
    assert b"Questioning is on hold" in cast.client("tara").get(f"/cases/{other}").content
    add_item(tara, "asked_why", {"words": "He was bleeding."})
    add_item(opened(cast, "tara", other), "questioning", {"words": ASKED})
    MatterHold.objects.update(lifted_at="2026-01-01T00:00Z")
    add_item(opened(cast, "tom", other), "questioning", {"words": ASKED})
