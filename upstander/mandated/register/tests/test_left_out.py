"""What was found about somebody and is not told: a reason, a second person, and no clean letter."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from django.db import Error, connection, transaction

from conftest import Cast
from upstander.audit.models import Entry as RecordEntry
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.mandated.register import queries
from upstander.mandated.register.actions import deciding, disclosing
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.blind_indexes import is_whole_name
from upstander.mandated.register.models import Decision, Disclosure, Entry
from upstander.mandated.register.tests.test_register import hand
from upstander.mandated.register.tests.test_register_pages import question
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people.known_names import keep_names
from upstander.people.models import Person
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db
NAME = "Rey Marlow"


def two_entries(cast: Cast) -> list[UUID]:
    offices(cast)
    return [actions.file_by_hand(cast.viewer("cleo"), hand(cast, name=NAME)) for _ in range(2)]


def text_of(cast: Cast, name: str, disclosure_id: UUID) -> str:
    pdf = deciding.letter(cast.viewer(name), disclosure_id)
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join("".join(p.get_textpage().get_text_bounded() for p in pages).split())


def left_out(cast: Cast, **more: Any) -> UUID:
    entries = two_entries(cast)
    return disclosing.answer(
        cast.viewer("cleo"),
        question(cast, NAME, **more),
        [],
        dict.fromkeys(entries, "Another person of that name."),
    )


def test_nothing_that_was_found_is_left_out_without_a_reason(cast: Cast) -> None:
    first, second = two_entries(cast)
    cleo = cast.viewer("cleo")
    for reasons in ({}, {first: "Another person."}, {first: "Another person.", second: "  "}):
        with pytest.raises(Refused, match="left out with a reason"):
            disclosing.answer(cleo, question(cast, NAME), [], reasons)
    assert not Disclosure.objects.exists()
    told = disclosing.answer(cleo, question(cast, NAME), [first, second])
    assert Disclosure.objects.get(pk=told).left_out == 0
    assert text_of(cast, "cleo", told).count("An allegation was made") == 2


def test_an_answer_that_leaves_out_is_no_letter_before_a_second_person_agrees(cast: Cast) -> None:
    disclosure_id = left_out(cast)
    told = set(Notice.objects.filter(kind="disclosure_second").values_list("person_id", flat=True))
    assert told == {cast.people[name].pk for name in ("sol", "bo")}
    for name in ("cleo", "sol"):
        with pytest.raises(Refused, match="second person must agree"):
            deciding.letter(cast.viewer(name), disclosure_id)
    page = cast.client("cleo").get(f"/register/disclosures/{disclosure_id}").content.decode()
    assert "Another person of that name." in page
    assert "Agree: leave it out" not in page
    with pytest.raises(Refused, match="yourself"):
        deciding.decide(
            deciding.open_disclosure(cast.viewer("cleo"), disclosure_id), agrees=True, why=""
        )
    client = cast.client("sol")
    page = client.get(f"/register/disclosures/{disclosure_id}").content.decode()
    assert "Another person of that name." in page
    assert "Agree: leave it out" in page
    client.post(f"/register/disclosures/{disclosure_id}", {"agree": "yes"})
    letter = text_of(cast, "cleo", disclosure_id)
    assert "nothing" not in letter.lower()
    assert "No finding is given." in letter
    assert standing_in_list(cast, disclosure_id) == "Nothing disclosed, and no finding"
    # Once decided it stays decided.
    with pytest.raises(Refused, match="already been decided"):
        deciding.decide(
            deciding.open_disclosure(cast.viewer("bo"), disclosure_id), agrees=False, why="No."
        )


def test_a_second_person_who_does_not_agree_ends_that_answer(cast: Cast) -> None:
    disclosure_id = left_out(cast)
    client = cast.client("sol")
    at = f"/register/disclosures/{disclosure_id}"
    assert client.post(at, {"agree": "no"}).status_code == 422
    assert client.post(at, {"agree": "no", "why": "It is her."}).status_code == 302
    with pytest.raises(Refused, match="answer again"):
        deciding.letter(cast.viewer("cleo"), disclosure_id)
    assert "It is her." in cast.client("cleo").get(at).content.decode()
    answer = cast.client("cleo").get(f"{at}.pdf", follow=True)
    assert "answer again" in answer.content.decode()


def test_what_was_found_told_and_left_out_is_kept(cast: Cast) -> None:
    first, second = two_entries(cast)
    cleo = cast.viewer("cleo")
    disclosure_id = disclosing.answer(cleo, question(cast, NAME), [first], {second: "Not her."})
    opened = deciding.open_disclosure(cleo, disclosure_id)
    assert set(opened.words["found"].split()) == {str(first), str(second)}
    assert opened.words["entries"] == str(first)
    assert [one.why for one in opened.left_out] == ["Not her."]
    detail = RecordEntry.objects.get(action="hiring question answered").detail
    assert detail == {"found": 2, "told": 1, "left_out": 1, "unnamed": 0}
    for secret in (b"Not her", b"Marlow"):
        assert secret not in bytes(Disclosure.objects.get().sealed)


def test_where_nobody_could_be_the_second_nothing_is_left_out(cast: Cast) -> None:
    entries = two_entries(cast)
    for name in ("sol", "bo"):
        cast.people[name].memberships.all().delete()
    with pytest.raises(Refused, match="second person"):
        disclosing.answer(
            cast.viewer("cleo"), question(cast, NAME), [], dict.fromkeys(entries, "Another.")
        )


def standing_in_list(cast: Cast, disclosure_id: UUID) -> str:
    """Return what the list of answers says of one."""
    page = cast.client("cleo").get("/register/disclosures").content.decode()
    row = page.split(f'id="a{disclosure_id}"', 1)[1].split("</li>", 1)[0]
    says = ("Told", "Nothing to tell", "Nothing disclosed, and no finding")
    found = [one for one in says if f"{one}</" in row]
    assert len(found) == 1, row
    return found[0]


def test_no_letter_says_nothing_while_somebody_is_unnamed_there_and_then(cast: Cast) -> None:
    offices(cast)
    suspect(cast, rule="employee", words={"suspected": "The new coach"})
    entry = Entry.objects.get()
    cleo = cast.viewer("cleo")
    here = question(cast, "Nora Quill", school_id=cast.cedar.pk)
    assert [one.pk for one in disclosing.unsettled(cleo, here)] == [entry.pk]
    disclosure_id = disclosing.answer(cleo, here, [])
    text = text_of(cast, "cleo", disclosure_id)
    assert "nothing" not in text.lower()
    assert "whose person is not known yet" in text
    assert standing_in_list(cast, disclosure_id) == "Nothing disclosed, and no finding"
    page = cast.client("cleo").post(
        "/register/disclosures",
        {
            "district": cast.maple.pk,
            "name": "Nora Quill",
            "asker": "Riverside Schools",
            "reason": "Consent",
            "asked_on": "2021-03-05",
            "school": cast.cedar.pk,
        },
    )
    assert f"/register/{entry.pk}" in page.content.decode()
    # Neither another school nor another time is hers.
    birch, *others = (
        disclosing.answer(cleo, question(cast, "Nora Quill", **elsewhere), [])
        for elsewhere in (
            {"school_id": cast.birch.pk},
            {"worked_until": date(2019, 6, 30)},
            {"worked_from": date(2099, 1, 1)},
        )
    )
    for clean in (birch, *others):
        assert standing_in_list(cast, clean) == "Nothing to tell"
        assert "Nothing." in text_of(cast, "cleo", clean)
    # One that was clean is not, once somebody is unnamed there before it is taken.
    suspect(cast, rule="employee", school_id=cast.birch.pk, words={"suspected": "A driver"})
    assert "nothing" not in text_of(cast, "cleo", birch).lower()


@pytest.mark.parametrize(
    "suspected", ["the gym teacher at Alder Elementary, tall, gray hair", "Ray Marlowe"]
)
def test_what_words_look_like_names_nobody(cast: Cast, suspected: str) -> None:
    offices(cast)
    suspect(cast, rule="employee", words={"suspected": suspected})
    entry = Entry.objects.get()
    cleo = cast.viewer("cleo")
    here = question(cast, "Ray Marlow", school_id=cast.cedar.pk)
    assert [one.pk for one in disclosing.unsettled(cleo, here)] == [entry.pk]
    assert "nothing" not in text_of(cast, "cleo", disclosing.answer(cleo, here, [])).lower()


@pytest.mark.parametrize("who", ["cleo", "tess", "hana", "dee"])
def test_nobody_else_decides_past_the_page(cast: Cast, who: str) -> None:
    disclosure_id = left_out(cast)
    with pytest.raises(Error), viewing(cast.viewer(who)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.decide_disclosure(p_id => %s, p_disclosure => %s, p_agrees => true, "
            "p_sealed => '')",
            [uuid4(), disclosure_id],
        )
    assert not Decision.objects.exists()


def test_a_decision_stays_as_it_was(cast: Cast) -> None:
    disclosure_id = left_out(cast)
    deciding.decide(
        deciding.open_disclosure(cast.viewer("bo"), disclosure_id), agrees=False, why="No."
    )
    for attack in (
        "UPDATE register_decision SET agrees = true",
        "DELETE FROM register_decision",
        "UPDATE register_disclosure SET left_out = 0",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)


@pytest.mark.parametrize(
    "name",
    ["Mr. R.", "Coach Marlow", "R. Marlow", "the gym teacher", "the new bus driver", "Ms. Driver"],
)
def test_half_a_name_leaves_an_entry_unnamed(cast: Cast, name: str) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    entry = actions.file_by_hand(cleo, hand(cast, name=name, school_id=cast.cedar.pk))
    here = question(cast, "Rey Marlow", school_id=cast.cedar.pk)
    assert [one.pk for one in disclosing.unsettled(cleo, here)] == [entry]
    assert "nothing" not in text_of(cast, "cleo", disclosing.answer(cleo, here, [])).lower()
    if not is_whole_name(name):
        with pytest.raises(Refused, match="full name"):
            disclosing.answer(cleo, question(cast, name), [])


@pytest.mark.parametrize("name", ["Minnie Driver", "Don Miller", "An Nguyen", "王 伟"])
def test_a_name_that_is_a_word_too_is_asked_for_and_found(cast: Cast, name: str) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    entry = actions.file_by_hand(cleo, hand(cast, name=f"Mr. {name}"))
    assert [one.entry_id for one in disclosing.look(cleo, question(cast, name))] == [entry]


def test_what_began_before_and_was_filed_in_their_time_is_of_their_time(cast: Cast) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    entry = actions.file_by_hand(cleo, hand(cast, happened_on=date(2018, 5, 1)))
    since = question(cast, "Nora Quill", worked_from=date(2020, 8, 1))
    assert [one.pk for one in disclosing.unsettled(cleo, since)] == [entry]
    assert "nothing" not in text_of(cast, "cleo", disclosing.answer(cleo, since, [])).lower()


def test_no_letter_goes_out_after_something_came_under_its_name(cast: Cast) -> None:
    offices(cast)
    cleo = cast.viewer("cleo")
    clean = disclosing.answer(cleo, question(cast, NAME), [])
    assert "Nothing." in text_of(cast, "cleo", clean)
    actions.file_by_hand(cleo, hand(cast, name=NAME))
    with pytest.raises(Refused, match="answer again"):
        deciding.letter(cleo, clean)


def test_no_number_of_entries_hides_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_entries(cast)
    monkeypatch.setattr(queries, "MOST", 1)
    found = disclosing.look(cast.viewer("cleo"), question(cast, NAME))
    assert {line.entry_id for line in found} == {first, second}


def test_an_account_is_found_by_every_name_that_was_its_own(cast: Cast) -> None:
    offices(cast)
    tom = cast.people["tom"]
    Person.objects.filter(pk=tom.pk).update(name=NAME)
    actions.file_by_hand(cast.viewer("cleo"), hand(cast, name=NAME, person_id=tom.pk))
    actions.file_by_hand(cast.viewer("cleo"), hand(cast, name=NAME))
    with viewing(cast.viewer("ada")):
        keep_names(tom.pk, now="Nora Quill")
    found = disclosing.look(cast.viewer("cleo"), question(cast, "Nora Quill"))
    assert len(found) == 2, "by the account, and by what the account was called"
    assert not disclosing.look(cast.viewer("cleo"), question(cast, "Uma Third"))


def test_an_account_with_half_a_name_names_nobody_in_a_letter(cast: Cast) -> None:
    offices(cast)
    tom = cast.people["tom"]
    assert len(tom.name.split()) == 1
    actions.file_by_hand(cast.viewer("cleo"), hand(cast, name=tom.name, person_id=tom.pk))
    asked = question(cast, "Tom Marlow")
    assert not disclosing.look(cast.viewer("cleo"), asked)
    told = disclosing.answer(cast.viewer("cleo"), asked, [])
    assert "nothing" not in text_of(cast, "cleo", told).lower()
