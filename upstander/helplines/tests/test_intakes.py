"""An intake goes to another agency by the client's yes, and opens there in two steps."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import DatabaseError, ProgrammingError, connection

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.callouts.tests.setup import set_clock
from upstander.escalations.tests.alerts import as_worker
from upstander.helplines.actions import clients, intakes
from upstander.helplines.legal_models import Intake
from upstander.helplines.models import Client
from upstander.helplines.sweeps import sweep_deadlines
from upstander.helplines.tests.setup import (
    CONTACT,
    NAME,
    OTHERS,
    Agency,
    agency,
    client_of,
    legal_office,
)
from upstander.helplines.tests.test_unseen import seen_by
from upstander.people.links import LinkOver
from upstander.people.scope import viewing
from upstander.vault.errors import InvitationBroken

pytestmark = pytest.mark.django_db
OWN, OTHER, TOLD = "Marisol Arroyo", "Hector Arroyo", "He changed the locks."
INTAKE = {"email": "intake@aid.example", "own": OWN, "other": OTHER, "told": TOLD, "reach": "on"}


def sent(here: Agency, one: UUID, **more: Any) -> tuple[str, str]:
    """Send an intake; returns the link's secret and the words."""
    words = {**INTAKE, "reach": True, **more}
    done = intakes.send(clients.open_client(here.cast.viewer("wren"), one), **words)
    return link(), done.words


def link() -> str:
    found = re.search(r"/legal-intakes\?link=([\w-]+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_intake_opens_at_the_office_in_two_steps(cast: Cast) -> None:
    here = agency(cast)
    legal_office(cast)
    one, wren, nell = client_of(here), cast.client("wren"), cast.client("nell")
    wren.post(f"/clients/{one}/legal", {"problem": "order", "county": "Hartford"})
    path = f"/clients/{one}/intake"
    assert wren.post(path, INTAKE).status_code == 422
    assert not Intake.objects.exists(), "not without their yes"
    shown = wren.post(path, {**INTAKE, "agreed": "on"}).content.decode()
    words = re.search(r'<code id="words">([^<]+)', shown)
    assert words
    assert not {NAME, OWN, OTHER} & {*re.findall(r"\w+ ?\w+", str(mail.outbox[-1].message()))}
    at, secret = "/legal-intakes", {"link": link()}
    assert secret["link"] in nell.get(at, secret).content.decode()
    wrong = nell.post(at, {**secret, "words": "apple apple apple apple"})
    assert wrong.status_code == 422
    assert Intake.objects.get().misses == 1
    names = nell.post(at, {**secret, "words": words[1]}).content.decode()
    assert OWN in names
    assert OTHER in names
    for word in (TOLD, CONTACT["hours"], "Hartford"):
        assert word not in names
    taken = nell.post(at, {**secret, "words": words[1], "do": "clear"})
    assert taken.status_code == 302
    assert not Intake.objects.exists()
    page = nell.get(taken["Location"]).content.decode()
    for word in (OWN, OTHER, TOLD, CONTACT["words"], 'value="Hartford" selected'):
        assert word in page
    assert nell.post(at, {**secret, "words": words[1]}).status_code == 410
    theirs = Client.objects.exclude(pk=one).get()
    for who, own in (("wren", one), ("nell", theirs.pk)):
        foreign = theirs.pk if own == one else one
        assert cast.client(who).get(f"/clients/{own}/legal").status_code == 200
        assert cast.client(who).get(f"/clients/{foreign}/legal").status_code == 404
    assert "opens no more" in wren.get(f"/clients/{one}/legal").content.decode()


def test_conflict_destroys_the_intake(cast: Cast) -> None:
    here = agency(cast)
    legal_office(cast)
    secret, words = sent(here, client_of(here))
    nell, at = cast.client("nell"), "/legal-intakes"
    shown = nell.post(at, {"link": secret, "words": words, "do": "conflict"}).content.decode()
    assert "It is destroyed" in shown
    assert not Intake.objects.exists()
    assert Client.objects.count() == 1
    assert nell.post(at, {"link": secret, "words": words, "do": "clear"}).status_code == 410
    entry = Entry.objects.get(action="client conflict found")
    assert (entry.subject_id, entry.matter_id) == ("", None)


def test_rest_is_given_to_nobody_before_the_check(cast: Cast) -> None:
    here = agency(cast)
    legal_office(cast)
    secret, words = sent(here, client_of(here))
    viewer = cast.viewer("nell")
    with pytest.raises(ProgrammingError, match="permission"), viewing(viewer):
        Intake.objects.values_list("rest").get()
    with viewing(viewer), connection.cursor() as cursor:
        cursor.execute("SELECT api.intake(%s, 'names')", [secret])
        (names,) = cursor.fetchone() or (b"",)
    row = Intake.objects.get()
    assert bytes(names) == bytes(row.names)
    with pytest.raises(InvitationBroken):
        intakes._unwrap(bytes(row.rest), secret, words, "names")


@pytest.mark.parametrize("who", OTHERS)
def test_link_and_words_open_nothing_for(cast: Cast, who: str) -> None:
    here = agency(cast)
    secret, words = sent(here, client_of(here))
    for do in ("", "clear", "conflict"):
        sent_so = {"link": secret, "words": words, "do": do}
        answer = cast.client(who).post("/legal-intakes", sent_so)
        assert answer.status_code in (403, 410)
        assert OWN not in answer.content.decode()
    assert Intake.objects.count() == 1
    with pytest.raises(DatabaseError), viewing(cast.viewer(who)):
        Intake.objects.create(link_hash=b"x", until=Intake.objects.get().until, names=b"", rest=b"")


def test_intake_is_taken_back_and_runs_out(cast: Cast) -> None:
    here = agency(cast)
    legal_office(cast)
    one, wren = client_of(here), cast.client("wren")
    secret, words = sent(here, one)
    with pytest.raises(Refused, match="on its way"):
        sent(here, one)
    assert "not opened yet" in wren.get(f"/clients/{one}/legal").content.decode()
    wren.post(f"/clients/{one}/intake", {"do": "back"})
    assert not Intake.objects.exists()
    with pytest.raises(LinkOver):
        intakes.names(cast.viewer("nell"), secret, words)
    secret, words = sent(here, one)
    set_clock(Intake.objects.get().until)
    with pytest.raises(LinkOver):
        intakes.names(cast.viewer("nell"), secret, words)
    with as_worker():
        assert sweep_deadlines() == 1
    assert not Intake.objects.exists()


def test_ten_wrong_words_end_an_intake(cast: Cast) -> None:
    here = agency(cast)
    legal_office(cast)
    secret, words = sent(here, client_of(here))
    Intake.objects.update(misses=10)
    with pytest.raises(LinkOver):
        intakes.clear(cast.viewer("nell"), secret, words)


def test_no_column_joins_what_two_agencies_keep(cast: Cast) -> None:
    here = agency(cast)
    legal_office(cast)
    one = client_of(here)
    secret, words = sent(here, one)
    row = Intake.objects.get()
    assert (row.until.hour, row.until.minute) == (0, 0)
    other = intakes.clear(cast.viewer("nell"), secret, words)
    mine, theirs = Client.objects.get(pk=one), Client.objects.get(pk=other)
    assert {mine.matter_id, mine.district_id}.isdisjoint({theirs.matter_id, theirs.district_id})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE'"
        )
        found = ""
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t')
            found += str(cursor.fetchone())
    for word in (secret, row.id.hex, str(row.id), bytes(row.link_hash).hex(), OWN, OTHER, TOLD):
        assert word not in found
        assert word.encode().hex() not in found


@pytest.mark.parametrize("said", ["clear", "conflict"])
def test_intake_changes_no_row_of_anybody_else(cast: Cast, said: str) -> None:
    here = agency(cast)
    legal_office(cast)
    one = client_of(here)
    who = (*OTHERS, "nell")
    before = {name: seen_by(cast, name) for name in who}
    secret, words = sent(here, one)
    for name in who:
        assert seen_by(cast, name) == before[name], f"{name} sees nothing of one on its way"
    own = seen_by(cast, "wren")
    getattr(intakes, said)(cast.viewer("nell"), secret, words)
    for name in OTHERS:
        assert seen_by(cast, name) == before[name], name
    assert seen_by(cast, "wren") == own, "nor does the sender learn what became of it"
