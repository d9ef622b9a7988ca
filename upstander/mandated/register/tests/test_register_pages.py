"""The register on the desk: no name before a reason, letters to those who hire."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import Cast
from upstander.audit.models import Entry as RecordEntry
from upstander.base.refused import Refused
from upstander.mandated.register import queries
from upstander.mandated.register.actions import disclosing
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.models import Disclosure, Entry, Proposal
from upstander.mandated.register.rule import register_rule
from upstander.mandated.register.tests.test_register import accuse, change, hand, opened
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db


def open_page(client: Client, entry: Entry) -> str:
    client.post(f"/register/{entry.pk}", {"reason": "new", "words": "To look."})
    return client.get(f"/register/{entry.pk}").content.decode()


def test_no_name_is_shown_before_a_reason_was_given(cast: Cast) -> None:
    offices(cast)
    accuse(cast, "tara")
    accuse(cast, "tara", "uma")
    entry, client = Entry.objects.order_by("pk")[0], cast.client("cleo")
    for page in (client.get("/register"), client.get(f"/register/{entry.pk}")):
        assert "Tara" not in page.content.decode()
        assert "1 other about the same person" in page.content.decode()
        assert "Unproven" in page.content.decode()
    assert client.post(f"/register/{entry.pk}", {"words": "No reason."}).status_code == 422
    shown = open_page(client, entry)
    assert "Tara" in shown
    assert "Reviewing a new allegation" in shown
    assert "To look." in shown


def test_what_came_of_it_is_written_down_and_shown(cast: Cast) -> None:
    offices(cast)
    suspect(cast, rule="employee", words={"suspected": "The driver of bus 7"})
    entry, client = Entry.objects.get(), cast.client("sol")
    assert "The driver of bus 7" in open_page(client, entry)
    noted = {"disability": "yes", "restraint": "no", "response": "On leave."}
    assert client.post(f"/register/{entry.pk}/note", noted).status_code == 302
    sent = {
        "name": "Rey Marlow",
        "happened_on": "2021-03-02",
        "kind": "physical",
        "outcome": "substantiated",
        "told": "Left while it was open.",
    }
    for more in ({"why": "Found."}, {"outcome_on": "2021-03-09"}):
        wrong = client.post(f"/register/{entry.pk}/change", {**sent, **more})
        assert wrong.status_code == 422
        assert "Left while it was open." in wrong.content.decode()
    client.post(
        f"/register/{entry.pk}/change", {**sent, "outcome_on": "2021-03-09", "why": "Found."}
    )
    entry.refresh_from_db()
    assert entry.outcome == "unproven"
    proposal = {"second-why": "", "proposal": Proposal.objects.get().pk}
    page = client.get(f"/register/{entry.pk}").content.decode()
    assert "Withdraw" in page
    assert "Agree: make this change" not in page
    second = cast.client("bo")
    page = open_page(second, entry)
    for said in ("Rey Marlow", "Unproven: no outcome yet", "Substantiated", "Found."):
        assert said in page
    refused = second.post(f"/register/{entry.pk}/decide", {**proposal, "agree": "no"})
    assert refused.status_code == 422
    assert (
        second.post(f"/register/{entry.pk}/decide", {**proposal, "agree": "yes"}).status_code == 302
    )
    entry.refresh_from_db()
    assert (entry.kind, entry.disability, entry.restraint, entry.outcome) == (
        "physical",
        True,
        False,
        "substantiated",
    )
    assert entry.keep_until == date(2061, 3, 9)
    page = client.get(f"/register/{entry.pk}").content.decode()
    assert "Rey Marlow" in page
    assert "The driver of bus 7" in page, "what came with the report stays"
    listed = client.get("/register", {"flag": "disability"}).content.decode()
    assert "Substantiated" in listed
    assert str(entry.pk) not in client.get("/register", {"flag": "restraint"}).content.decode()


def test_one_can_be_filed_by_hand_and_the_accused_sees_none_of_it(cast: Cast) -> None:
    offices(cast)
    client = cast.client("cleo")
    sent = client.post(
        "/register/new",
        {
            "district": cast.maple.pk,
            "school": cast.cedar.pk,
            "happened_on": "2021-03-02",
            "kind": "emotional",
            "person": cast.people["sol"].pk,
            "words": "Shouting.",
        },
    )
    # Cleo depends on the superintendent: what she files about them is not hers to open.
    assert sent["Location"] == "/register"
    entry = Entry.objects.get()
    assert cast.client("cleo").get(f"/register/{entry.pk}").status_code == 404
    assert cast.client("sol").get(f"/register/{entry.pk}").status_code == 404
    assert "Sol" in open_page(cast.client("bo"), entry)
    ahead = (timezone.now() + timedelta(days=3)).date().isoformat()
    whole = {
        "district": cast.maple.pk,
        "happened_on": "2021-03-02",
        "kind": "other",
        "name": "Rey Marlow",
        "words": "Shouting.",
    }
    # A day to come, about nobody, or of nothing: no entry.
    for wrong in ({"happened_on": ahead}, {"name": ""}, {"words": ""}):
        assert client.post("/register/new", whole | wrong).status_code == 422, wrong
    assert Entry.objects.count() == 1
    role = {"name": "", "role": "A coach, Cedar"}
    assert client.post("/register/new", whole | role).status_code == 302


@pytest.mark.parametrize("name", ["tess", "hana", "dino", "dee", "alice", "tom", "ada"])
def test_nobody_else_comes_near(cast: Cast, name: str) -> None:
    offices(cast)
    accuse(cast, "tom")
    entry = Entry.objects.get()
    client = cast.client(name)
    for path in ("/register", "/register/new", "/register/disclosures", f"/register/{entry.pk}"):
        assert client.get(path).status_code == 403
    assert "/register" not in client.get("/people/me/").content.decode()


def test_the_list_costs_the_same_however_long_it_is(cast: Cast) -> None:
    offices(cast)

    def cost() -> int:
        client = cast.client("cleo")
        client.get("/register")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/register").status_code == 200
        return len(seen)

    accuse(cast, "tom")
    few = cost()
    for number in range(6):
        actions.file_by_hand(cast.viewer("cleo"), hand(cast, name=f"Rey Marlow {number % 2}"))
    assert cost() == few


def test_pages_follow_each_other_without_a_gap(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    offices(cast)
    for number in range(5):
        actions.file_by_hand(cast.viewer("sol"), hand(cast, name=f"Name {number}x Long{number}"))
    monkeypatch.setattr(queries, "MOST", 2)
    seen: list[UUID] = []
    with viewing(cast.viewer("sol")) as now:
        wanted = queries.Wanted()
        more = True
        while more:
            rows, more = queries.entries_page(wanted, now)
            seen += [row.entry.pk for row in rows]
            wanted = queries.Wanted(after=(rows[-1].entry.filed_at, rows[-1].entry.pk))
    assert sorted(seen) == sorted(Entry.objects.values_list("pk", flat=True))


def question(cast: Cast, name: str, **more: Any) -> disclosing.Question:
    said: dict[str, Any] = {
        "district_id": cast.maple.pk,
        "name": name,
        "asker": "Riverside Schools",
        "reason": "CGS 10-222c, consent of 1 March 2021",
        "asked_on": date(2021, 3, 5),
    }
    return disclosing.Question(**said | more)


def test_those_who_hire_are_told_what_the_rule_says_and_no_more(cast: Cast) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    for outcome in ("unproven", "substantiated", "unsubstantiated", "same"):
        entry_id = actions.file_by_hand(cleo, hand(cast, name="Rey Marlow"))
        if outcome != "unproven":
            change(
                cast,
                opened(cast, "cleo", Entry.objects.get(pk=entry_id)),
                outcome=Entry.Outcome(outcome),
                outcome_on=date(2021, 3, 9),
            )
    lines = disclosing.look(cleo, question(cast, "marlow, rey"))
    assert sorted(line.outcome for line in lines) == sorted(map(str, disclosing.OUTCOMES.values()))
    client = cast.client("cleo")
    asked = {
        "district": cast.maple.pk,
        "name": "Rey Marlow",
        "asker": "Riverside Schools",
        "reason": "Consent of 1 March",
        "asked_on": "2021-03-05",
    }
    page = client.post("/register/disclosures", asked).content.decode()
    assert page.count('name="told"') == 2
    told = [str(line.entry_id) for line in lines if "substantiated" in line.outcome]
    (other,) = (line.entry_id for line in lines if "substantiated" not in line.outcome)
    chosen = {**asked, "told": told, "answer": "yes"}
    refused = client.post("/register/disclosures", chosen)
    assert refused.status_code == 422, "one that was found is neither told nor left out"
    assert not Disclosure.objects.exists()
    sent = client.post("/register/disclosures", {**chosen, f"why_{other}": "Another Rey Marlow."})
    assert sent.status_code == 302, sent.content.decode()
    kept = Disclosure.objects.get()
    assert kept.answer == "told"
    second, at = cast.client("sol"), f"/register/disclosures/{kept.pk}"
    second.get(at)
    second.post(at, {"agree": "yes"})
    for secret in (b"Marlow", b"Riverside"):
        assert secret not in bytes(kept.sealed)
    pdf = client.get(f"/register/disclosures/{kept.pk}.pdf")
    text = "".join(
        one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(pdf.content)
    )
    for said in (
        "Rey Marlow",
        "Riverside Schools",
        "Consent of 1 March",
        "substantiated",
        "March 12, 2021",
        "Cleo",
    ):
        assert said in text, said
    assert "no outcome is known" not in text, "only what was chosen"
    assert RecordEntry.objects.filter(action="register searched").count() == 5
    assert cast.client("tess").get(f"/register/disclosures/{kept.pk}.pdf").status_code == 403


def test_nothing_to_tell_is_an_answer_too(cast: Cast) -> None:
    offices(cast)
    disclosing.answer(cast.viewer("sol"), question(cast, "Nora Quill"), [])
    assert Disclosure.objects.get().answer == "nothing"
    for wrong in (
        question(cast, "Quill"),
        question(cast, "Nora Quill", asker=" "),
        question(cast, "Nora Quill", reason=""),
    ):
        with pytest.raises(Refused):
            disclosing.answer(cast.viewer("sol"), wrong, [])


def test_nobody_answers_for_themselves_or_their_superior(cast: Cast) -> None:
    made = offices(cast)
    made["sol"].name = "Sol Hartwell"
    made["sol"].save()
    for name in ("sol", "cleo"):
        with pytest.raises(Refused, match="Someone else"):
            disclosing.look(cast.viewer(name), question(cast, "Hartwell, Sol"))
    assert disclosing.look(cast.viewer("bo"), question(cast, "Sol Hartwell")) == []
    disclosing.answer(cast.viewer("bo"), question(cast, "Sol Hartwell"), [])
    for name, seen in (("sol", 0), ("cleo", 0), ("bo", 1)):
        with viewing(cast.viewer(name)):
            assert Disclosure.objects.count() == seen, name


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-06", "2026-03-13"),
        ("2026-03-09", "2026-03-16"),
        ("2026-11-23", "2026-12-01"),
        ("2026-12-24", "2027-01-04"),
    ],
)
def test_the_days_for_an_answer_are_working_days(asked: str, due: str) -> None:
    rule = register_rule("us-ct")
    assert queries.answer_due(date.fromisoformat(asked), rule) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("outcome", "on", "until"),
    [
        ("unproven", None, None),
        ("substantiated", "2026-03-09", "2066-03-09"),
        ("unsubstantiated", "2024-02-29", "2031-03-01"),
        ("same", "2026-03-09", "2033-03-09"),
    ],
)
def test_how_long_an_entry_is_kept(outcome: str, on: str | None, until: str | None) -> None:
    found = register_rule("us-ct").keep_until(outcome, date.fromisoformat(on) if on else None)
    assert found == (date.fromisoformat(until) if until else None)
