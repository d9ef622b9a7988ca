"""A client's folder: theirs and their agency's alone, and what is kept of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, ProgrammingError, connection
from django.http import Http404

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.callouts.tests.setup import set_clock
from upstander.helplines.actions import clients
from upstander.helplines.actions.accompaniments import State, open_accompaniment, step
from upstander.helplines.actions.deadlines import end_deadline, note_deadline
from upstander.helplines.legal_models import Deadline
from upstander.helplines.models import Accompaniment, Client, Note
from upstander.helplines.tests.setup import (
    CONTACT,
    DUE,
    KNOWS,
    NAME,
    NOTE,
    OTHERS,
    PLAN,
    WHERE,
    agency,
    asked,
    client_of,
    whole,
)
from upstander.matters.folders import holders_for, new_folder
from upstander.people.scope import viewing
from upstander.retention.sweeps import YEAR, dispose
from upstander.vault.models import ShredKey

pytestmark = pytest.mark.django_db


def test_client_is_taken_on_and_read_by_the_agency(cast: Cast) -> None:
    here = agency(cast)
    wren, joss = cast.client("wren"), cast.client("joss")
    wren.post("/clients/new", {"name": NAME, "whose": "self", "language": "es"})
    one = Client.objects.get()
    page = f"/clients/{one.pk}"
    assert wren.post(f"{page}/note", {"text": NOTE}).status_code == 302
    assert NAME in joss.get("/clients").content.decode()
    shown = joss.get(page).content.decode()
    assert NOTE in shown
    assert "Don’t get in touch" in shown
    assert "Danger now is 911" in shown
    told = {"name": NAME, "whose": "self", "language": "es", **CONTACT}
    assert joss.post(page, told).status_code == 302
    assert CONTACT["words"] in wren.get(page).content.decode()
    assert wren.post(f"{page}/end").status_code == 302
    assert NAME not in joss.get("/clients").content.decode()
    assert NAME in joss.get("/clients?closed").content.decode()
    assert wren.post(f"{page}/note", {"text": "Late."}).status_code == 302
    assert Note.objects.count() == 1
    assert here.district.schools.count() == 0


@pytest.mark.parametrize("missing", CONTACT)
def test_contact_without_way_hours_or_words_is_none(cast: Cast, missing: str) -> None:
    agency(cast)
    told = {"name": NAME, "whose": "self", "language": "en", **CONTACT, missing: ""}
    answer = cast.client("wren").post("/clients/new", told)
    assert answer.status_code == 422
    assert "All three, or none" in answer.content.decode()
    assert not Client.objects.exists()


def test_loved_one_is_a_client_of_their_own(cast: Cast) -> None:
    here = agency(cast)
    one, other = client_of(here), client_of(here, name="Moth", whose="loved")
    rows = Client.objects.in_bulk([one, other])
    assert rows[one].matter_id != rows[other].matter_id
    page = cast.client("joss").get(f"/clients/{other}").content.decode()
    assert "Somebody they love was hurt" in page
    assert NAME not in page
    assert str(one) not in page


@pytest.mark.parametrize("who", OTHERS)
def test_client_is_hidden_from(cast: Cast, who: str) -> None:
    here = agency(cast)
    one, along = whole(here)
    stranger = cast.client(who)
    never = str(uuid4())
    for path in (
        "/clients/{}",
        "/clients/{}/plan",
        "/clients/{}/legal",
        "/clients/{}/along",
        "/accompaniments/{}",
    ):
        got = stranger.get(path.format(along if "acc" in path else one))
        none = stranger.get(path.format(never))
        assert got.status_code == none.status_code in (403, 404)
    assert NAME not in stranger.get("/clients").content.decode()
    viewer = cast.viewer(who)
    with pytest.raises((Http404, DatabaseError)):
        clients.open_client(viewer, one)
    with pytest.raises((Http404, DatabaseError)):
        open_accompaniment(viewer, along)
    with pytest.raises((Http404, Refused, DatabaseError)):
        step(viewer, along, State.ARRIVED)
    for any_of in (
        Client.objects.exists,
        Note.objects.exists,
        Deadline.objects.exists,
        Accompaniment.objects.exists,
    ):
        # Or it has no right on the table at all.
        with suppress(ProgrammingError), viewing(viewer):
            assert not any_of()


def test_center_that_is_no_agency_takes_nobody_on(cast: Cast) -> None:
    agency(cast)
    alice = cast.client("alice")
    assert "not an advocacy agency" in alice.get("/clients").content.decode()
    told = {"name": NAME, "whose": "self", "language": "en"}
    assert "not an advocacy agency" in alice.post("/clients/new", told).content.decode()
    viewer = cast.viewer("alice")
    with pytest.raises(Refused):
        clients.take_on(viewer, told)
    with pytest.raises(DatabaseError, match="row-level security"):
        by_hand(cast)
    assert not Client.objects.exists()


def by_hand(cast: Cast) -> None:
    """Take somebody on past the agency's own functions, at a center that is none."""
    viewer, teams = cast.viewer("alice"), [cast.teams["lakeside"]]
    with viewing(viewer) as now:
        holders = holders_for(None, teams)
        folder = new_folder(viewer, "client", district_id=cast.maple.pk, holders=holders)
        Client.objects.create(
            id=folder.id,
            district_id=cast.maple.pk,
            matter_id=folder.matter_id,
            begun_at=now,
            sealed=b"x",
        )


def test_stolen_database_names_nobody_who_came(cast: Cast) -> None:
    here = agency(cast)
    whole(here)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE'"
        )
        found = ""
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t')
            found += str(cursor.fetchone())
    assert str(Client.objects.get().pk) in found
    for word in (
        NAME,
        NOTE,
        PLAN,
        DUE,
        WHERE,
        KNOWS,
        *CONTACT.values(),
        cast.cedar.name + " client",
    ):
        if len(word) > 4:
            assert word not in found
            assert word.encode().hex() not in found
    named = {
        one.name for model in (Client, Note, Deadline, Accompaniment) for one in model._meta.fields
    }
    assert not named & {"school", "school_id", "name", "language", "whose"}


def test_client_is_destroyed_a_year_after_its_end(cast: Cast) -> None:
    here = agency(cast)
    one = client_of(here)
    opened = clients.open_client(cast.viewer("wren"), one)
    clients.write_note(opened, NOTE)
    end_deadline(opened, note_deadline(opened, database_now() + timedelta(days=2), DUE))
    clients.end_client(opened)
    ended = Client.objects.get().ended_at
    assert ended is not None
    set_clock(ended + YEAR * 0.99)
    dispose()
    assert Client.objects.exists()
    set_clock(ended + YEAR * 1.01)
    dispose()
    assert not Client.objects.exists()
    assert not Note.objects.exists()
    assert not Deadline.objects.exists()
    assert not ShredKey.objects.filter(subject=one).exists()


def test_folder_stays_open_while_somebody_goes_along(cast: Cast) -> None:
    here = agency(cast)
    one = client_of(here)
    asked(here, one, ahead=timedelta(days=3))
    with pytest.raises(Refused, match="goes along"):
        clients.end_client(clients.open_client(cast.viewer("wren"), one))
    assert Client.objects.get().ended_at is None
    assert database_now() > Client.objects.get().begun_at
