"""Whoever of the office an entry may mean doesn't read it, until somebody else has settled that."""

from __future__ import annotations

import pytest
from django.http import Http404

from conftest import Cast
from upstander.audit.models import Entry as RecordEntry
from upstander.base.refused import Refused
from upstander.mandated.register.actions import changing, settling
from upstander.mandated.register.actions import entries as actions
from upstander.mandated.register.actions.settling import Says
from upstander.mandated.register.models import Entry, Event
from upstander.mandated.register.tests.test_register import (
    accuse,
    as_change,
    hand,
    note,
    opened,
    who_sees,
)
from upstander.mandated.register.tests.test_register_pages import open_page
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.matters.folders import FolderShut
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db

#: How somebody called Solveig Hartwell may be written down by who doesn't know better, or does.
WRITTEN = (
    "Mr. Hartwell",
    "S. Hartwell",
    "S.H.",
    "Solvieg Hartwell",
    "Hartwel from the district",
    "Dr. H.",
    "the superintendent",
    "solveig hartwell",
)


def named(cast: Cast) -> None:
    """Give those in the district's office whole names."""
    made = offices(cast)
    for who, name in (("cleo", "Cleo Dragan"), ("sol", "Solveig Hartwell"), ("bo", "Bo Lindgren")):
        made[who].name = name
        made[who].save()


def settle(cast: Cast, by: str, said: dict[str, Says], why: str = "I know it.") -> None:
    found = opened(cast, by, Entry.objects.get())
    settling.settle(found, {cast.people[who].pk: word for who, word in said.items()}, why=why)


@pytest.mark.parametrize("written", WRITTEN)
def test_an_officer_written_down_somehow_reads_no_entry_of_a_report(
    cast: Cast, written: str
) -> None:
    named(cast)
    suspect(cast, rule="employee", words={"suspected": written})
    # The lead depends on the superintendent.
    assert who_sees(cast) == ["bo"]
    for name in ("sol", "cleo"):
        with pytest.raises((Http404, FolderShut)):
            opened(cast, name, Entry.objects.get())


@pytest.mark.parametrize("written", WRITTEN)
def test_nor_one_that_an_office_files_or_names_later(cast: Cast, written: str) -> None:
    named(cast)
    actions.file_by_hand(cast.viewer("bo"), hand(cast, name=written))
    assert who_sees(cast) == ["bo"]
    Entry.objects.get()
    second = actions.file_by_hand(cast.viewer("bo"), hand(cast))
    found = opened(cast, "bo", Entry.objects.get(pk=second))
    proposed = changing.propose_change(found, as_change(found, written), why="Seen.")
    # A whole name is an exclusion, for good; half of one waits to be settled.
    assert proposed.meant == (0 if written == "solveig hartwell" else 1)
    assert proposed.others == 0
    assert who_sees(cast) == ["bo"]


@pytest.mark.parametrize("field", ["role", "words"])
def test_nor_one_in_whose_notes_they_stand(cast: Cast, field: str) -> None:
    named(cast)
    actions.file_by_hand(cast.viewer("bo"), hand(cast))
    note(opened(cast, "bo", Entry.objects.get()), response="The superintendent was told.")
    assert who_sees(cast) == ["cleo", "sol", "bo"]
    note(opened(cast, "bo", Entry.objects.get()), **{field: "It was Mr. Hartwell."})
    assert who_sees(cast) == ["bo"]


def test_it_is_not_about_them_and_opens_for_the_office_again(cast: Cast) -> None:
    named(cast)
    suspect(cast, rule="employee", words={"suspected": "A driver whom Ms. Hartwell knows"})
    assert who_sees(cast) == ["bo"]
    with pytest.raises(Refused, match="Say why"):
        settle(cast, "bo", {"sol": Says.NOT}, why=" ")
    with pytest.raises(Refused, match="Check it again"):
        settle(cast, "bo", {"hana": Says.NOT})
    # The lead depends on somebody of whom it isn't known.
    settle(cast, "bo", {"sol": Says.UNSURE, "cleo": Says.NOT})
    assert who_sees(cast) == ["bo"]
    settle(cast, "bo", {"sol": Says.NOT, "cleo": Says.NOT})
    assert who_sees(cast) == ["cleo", "sol", "bo"]
    assert Event.objects.filter(kind="settled").count() == 2
    assert RecordEntry.objects.filter(action="register readers settled").count() == 2
    # The same words again ask nothing again.
    note(opened(cast, "cleo", Entry.objects.get()), role="A driver")
    assert who_sees(cast) == ["cleo", "sol", "bo"]


def test_it_is_about_them_and_they_are_out_for_good(cast: Cast) -> None:
    named(cast)
    suspect(cast, rule="employee", words={"suspected": "S.H."})
    settle(cast, "bo", {"sol": Says.ABOUT})
    assert who_sees(cast) == ["bo"]
    found = opened(cast, "bo", Entry.objects.get())
    with viewing(found.folder.viewer):
        assert settling.readers_of(found) == []
    # Another report of the matter passes them too.
    accuse(cast, "tom", matter_id=Entry.objects.get().matter_id)
    assert who_sees(cast) == ["bo"]


def test_known_under_another_name_they_are_kept_out_by_who_knows_it(cast: Cast) -> None:
    named(cast)
    suspect(cast, rule="employee", words={"suspected": "Ms. Winter, years ago"})
    assert who_sees(cast) == ["cleo", "sol", "bo"]
    settle(cast, "bo", {"cleo": Says.ABOUT}, why="Cleo was called Winter before.")
    assert who_sees(cast) == ["sol", "bo"]


def test_the_page_asks_each_by_name(cast: Cast) -> None:
    named(cast)
    suspect(cast, rule="employee", words={"suspected": "Mr. Hartwell"})
    entry, client = Entry.objects.get(), cast.client("bo")
    page = open_page(client, entry)
    assert "Its words may refer to someone in the office." in page
    assert "Solveig Hartwell" in page
    sol, cleo = (cast.people[name].pk for name in ("sol", "cleo"))
    sent = {f"who_{sol}": "not", f"who_{cleo}": "not"}
    assert client.post(f"/register/{entry.pk}/settle", sent).status_code == 422
    done = client.post(f"/register/{entry.pk}/settle", {**sent, "why": "Another Hartwell."})
    assert done.status_code == 302
    page = client.get(f"/register/{entry.pk}").content.decode()
    assert "Another Hartwell." in page
    assert "Its words may refer to" not in page
    assert cast.client("sol").get(f"/register/{entry.pk}").status_code == 200
    named_so = client.post(
        f"/register/{entry.pk}/change",
        {
            "name": "S. Hartwell",
            "happened_on": "2021-03-02",
            "kind": "physical",
            "outcome": "unproven",
            "why": "Seen.",
        },
        follow=True,
    ).content.decode()
    assert "Your words may refer to someone in the office." not in named_so, "settled before"


def test_nobody_else_settles_it(cast: Cast) -> None:
    named(cast)
    suspect(cast, rule="employee", words={"suspected": "Mr. Hartwell"})
    entry = Entry.objects.get()
    for name in ("sol", "cleo"):
        assert cast.client(name).post(f"/register/{entry.pk}/settle").status_code == 404
    for name in ("tess", "hana", "dee"):
        assert cast.client(name).post(f"/register/{entry.pk}/settle").status_code == 403
    assert who_sees(cast) == ["bo"]
