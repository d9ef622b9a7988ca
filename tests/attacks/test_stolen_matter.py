"""Nothing of a whole matter is in a stolen database: case, guides, duties, register, roster.

As ``test_stolen_database``: a dump in plain SQL and every file of the data folder are searched for
words that stand nowhere else, and that somebody typed into each place where words are kept.
"""

from __future__ import annotations

from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection

from conftest import Cast
from tests.attacks.test_stolen_database import SignIn, dump, everything_on_disk
from tests.matters import Matter, Told, offices_and_staff, tell_matter
from upstander.emergency.actions.help import record_call
from upstander.emergency.actions.mistaken import call_not_made
from upstander.emergency.actions.roster_import import import_roster
from upstander.emergency.models import Call
from upstander.emergency.tests.export import export
from upstander.mandated.actions.consults import keep_consult
from upstander.mandated.register.actions import entries as register_actions
from upstander.mandated.register.actions.changing import Change, note_entry, propose_change
from upstander.mandated.register.models import Entry
from upstander.mandated.register.reasons import Reason
from upstander.retention.actions import place_hold
from upstander.standards.oneroster import read_export
from upstander.tips.opening import open_tip

#: Where those words are kept, sealed.
TABLES = (
    "cases_caseitem",
    "mandated_consult",
    "mandated_dutyevent",
    "written_report",
    "written_draft",
    "written_evidence",
    "register_event",
    "register_proposal",
    "emergency_rosterentry",
    "emergency_sheet",
    "emergency_call",
    "emergency_callcorrection",
    "retention_hold",
)
#: Of the made-up roster: who somebody is and where they live.
ROSTER = ("Lindqvist", "7 Fern Row", "Torres", "555-0110")


def test_no_word_of_a_matter_is_in_the_dump_or_anywhere_on_disk(
    committed_cast: Cast, real_database: SignIn
) -> None:
    cast = committed_cast
    offices_and_staff(cast)
    matter = tell_matter(cast, Told(("bob",)))
    words = dict(matter.said) | _in_the_register(cast) | _called_and_held(cast, matter)
    words["consult"] = f"zimtstern{uuid4().hex}"
    asked = {"facts": words["consult"]}
    keep_consult(cast.viewer("tess"), asked, district_id=cast.maple.pk, school_id=cast.cedar.pk)
    import_roster(cast.viewer("dee"), cast.maple.pk, read_export(export()))
    assert len(words) > 40
    assert all(word.startswith("zimtstern") for word in words.values())
    connection.close()
    with psycopg.connect(
        f"host={settings.HOME.socket} user=postgres dbname=postgres"
        f" password={(settings.HOME.passwords / 'superuser').read_text().strip()}",
        autocommit=True,
    ) as superuser:
        superuser.execute("CHECKPOINT")
    text = dump()
    for table in TABLES:
        assert f"INTO public.{table}".encode() in text, f"{table} holds something of it"
    # All marks begin alike: whoever finds none of that finds none of them.
    needles = [b"zimtstern", *(word.encode() for word in ROSTER)]
    for needle in needles:
        for form in (needle, needle.hex().encode(), needle.decode().encode("utf-16-le")):
            assert form not in text, needle
    for path, content in everything_on_disk():
        for needle in needles:
            assert needle not in content, f"{needle!r} is readable in {path}"


def _in_the_register(cast: Cast) -> dict[str, str]:
    """Let the compliance lead write in an entry of the register; the words."""
    reason, response = f"zimtstern{uuid4().hex}", f"zimtstern{uuid4().hex}"
    cleo = cast.viewer("cleo")
    entry = Entry.objects.get()
    register_actions.give_reason(cleo, entry.pk, Reason.NEW, reason)
    opened = register_actions.open_entry(cleo, entry.pk)
    assert opened is not None
    note_entry(opened, disability=True, restraint=None, words={"response": response})
    why, name = f"zimtstern{uuid4().hex}", f"zimtstern{uuid4().hex}"
    proposed = Change(
        entry.happened_on,
        Entry.Kind(entry.kind),
        Entry.Outcome(entry.outcome),
        None,
        {**opened.words, "name": f"Rey {name}"},
    )
    propose_change(opened, proposed, why=why)
    return {
        "register: reason": reason,
        "register: response": response,
        "register: why": why,
        "register: name": name,
    }


def _called_and_held(cast: Cast, matter: Matter) -> dict[str, str]:
    """Let the counselor write down a call to 911, and the supervisor why all of it is held."""
    words = {
        name: f"zimtstern{uuid4().hex}"
        for name in ("call: why", "dispatcher", "incident", "call: said", "mistake", "hold: reason")
    }
    opened = open_tip(cast.viewer(Told.counselor), matter.values["tip_id"])
    call = record_call(
        opened,
        {"street": next(iter(words.values()))},
        line=Call.Line.PSAP,
        police=True,
        danger_now=True,
        why=words["call: why"],
        dispatcher=words["dispatcher"],
        incident=words["incident"],
        said=words["call: said"],
    )
    call_not_made(opened, call.pk, words["mistake"])
    place_hold(
        cast.viewer("sam"),
        cast.maple.pk,
        reason=words["hold: reason"],
        reference=opened.tip.reference,
    )
    return words
