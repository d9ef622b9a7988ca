"""The written report: drafted by its owner alone, signed, sent with its proof, its copy routed."""

from __future__ import annotations

import hashlib
import io
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.http import Http404
from django.test import Client

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.mandated.actions import duties
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.tests.test_duties import offices, right_now, sees, suspect, typed_now
from upstander.mandated.tests.test_who_of_staff import rename
from upstander.mandated.written import actions
from upstander.mandated.written.evidence import MOST_BYTES, Proof
from upstander.mandated.written.models import Draft, Evidence, Report
from upstander.mandated.written.pdf import report_pdf
from upstander.people.scope import viewing
from upstander.states import agency_form, law

pytestmark = pytest.mark.django_db


def reported(cast: Cast, who: str = "tess", **more: Any) -> UUID:
    """A duty whose first report was made: the written one is due."""
    duty_id = suspect(cast, who, **more)
    duties.report_first(
        cast.viewer(who),
        duty_id,
        way="careline",
        at=right_now(),
        words={"worker": "M. Example", "reference": "R-7"},
    )
    return duty_id


def filled(cast: Cast, duty_id: UUID, **values: str) -> actions.Writing:
    writing = actions.open_writing(cast.viewer("tess"), duty_id)
    actions.keep_draft(writing, {**writing.values, **values})
    return actions.open_writing(cast.viewer("tess"), duty_id)


def attached(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/StructTreeRoot" in opened.Root, "a tagged PDF"
        assert str(opened.Root.Lang)
        return {name: file.get_file().read_bytes() for name, file in opened.attachments.items()}


def test_every_form_of_a_rule_set_is_whole() -> None:
    assert {form.key for form in law("us-ct").forms} == {"dcf-136", "bullying"}
    form = agency_form("dcf-136")
    assert form is not None
    asked = {field.key for field in form.fields if field.asked}
    # What 17a-101d names: child and parents, age and sex, injuries, when, before, how known, who.
    assert asked >= {
        "child_name",
        "child_address",
        "child_age",
        "child_sex",
        "parent_name",
        "nature",
        "happened_at",
        "earlier",
        "circumstances",
        "suspect_name",
        "action",
    }
    assert agency_form("no-such") is None
    assert agency_form("../us_ct") is None


def test_what_is_known_is_filled_in(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(
        cast,
        rule="employee",
        accused=(cast.people["tom"].pk,),
        words={
            "first_words": "I don't want to go.",
            "facts": "Marks on both arms.",
            "child_name": "Ana Vega",
            "child": "A boy in grade 9",
            "where": "The nurse's room",
        },
    )
    values = actions.open_writing(cast.viewer("tess"), duty_id).values
    assert {
        "child_name": "Ana Vega",
        "nature": "Marks on both arms.",
        "circumstances": "I don't want to go.",
        "worker": "M. Example",
        "reference": "R-7",
        "suspect_name": "Tom",
        "reporter_name": "Tess",
        "reporter_agency": "Cedar Middle School",
    }.items() <= values.items()
    assert values["oral_on"]
    assert values["child_now"].startswith("When this was noted (")
    other = reported(cast, words={"child": "A boy in grade 9"})
    assert "child_name" not in actions.open_writing(cast.viewer("tess"), other).values


def test_whoever_is_suspected_later_is_filled_in_too(cast: Cast) -> None:
    offices(cast)
    rename(cast, "hana", "Paula Renner")
    duty_id = reported(
        cast, rule="employee", accused=(cast.people["tom"].pk,), words={"suspected": "A driver"}
    )
    tess, note = cast.client("tess"), f"/duties/{duty_id}/note"
    # Kept out as one whom its owner suspects; and one who is kept out for another reason.
    out = {"people": [cast.people["uma"].pk], "why": "She held the door.", "suspects": "on"}
    tess.post(f"/duties/{duty_id}/keep-out", out)
    tess.post(
        f"/duties/{duty_id}/keep-out", {"people": [cast.people["tara"].pk], "why": "His sister."}
    )
    tess.post(note, {"words": "The driver’s brother Rey Marlow", "kind": "suspected"})
    tess.post(note, {"words": "The nurse saw it.", "kind": "note"})
    # A colleague who reads this is asked about first, and nothing is lost.
    for words in ("Ms. Renner too", "Ms. Renor too", "and the principal"):
        asked = tess.post(note, {"words": words, "kind": "suspected"})
        assert asked.status_code == 422
        page = asked.content.decode()
        assert "Your words may mean somebody" in page
        assert "Paula Renner (Cedar" in page
        assert words in page
    whom = {"asked_about": str(cast.people["hana"].pk), "kind": "suspected"}
    said = {"words": "Who told Ms. Renner: a Mr. Low", "meant": "not"}
    assert tess.post(note, {**said, **whom}).status_code == 302
    assert sees(cast.viewer("hana"), duty_id)
    # Kept out first, as one whom their owner suspects; then the words are kept.
    knew = {"words": "Ms. Renner knew", "meant": "out", "meant_people": [cast.people["hana"].pk]}
    assert tess.post(note, {**knew, **whom}).status_code == 302
    assert not sees(cast.viewer("hana"), duty_id)
    assert tess.post(note, {"words": "Ms. Renner’s son", "kind": "suspected"}).status_code == 302
    named = actions.open_writing(cast.viewer("tess"), duty_id).values["suspect_name"]
    assert named == (
        "Tom; Uma; Paula Renner; A driver; The driver’s brother Rey Marlow; Who told Ms. Renner: "
        "a Mr. Low; Ms. Renner knew; Ms. Renner’s son"
    )
    assert "Tara" not in named
    assert "nurse" not in named


def test_who_is_named_and_written_of_is_listed_once(cast: Cast) -> None:
    offices(cast)
    rename(cast, "tom", "Paula Renner")
    words = {"suspected": "paula  RENNER"}
    duty_id = reported(cast, rule="employee", accused=(cast.people["tom"].pk,), words=words)
    tess = cast.client("tess")
    for said in ("Her brother", "her Brother"):
        tess.post(f"/duties/{duty_id}/note", {"words": said, "kind": "suspected"})
    values = actions.open_writing(cast.viewer("tess"), duty_id).values
    assert values["suspect_name"] == "Paula Renner; Her brother"


def test_only_its_owner_says_whom_they_suspect(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    assert b"I suspect them" in cast.client("tess").get(f"/duties/{duty_id}").content
    cleo = cast.client("cleo")
    assert b"I suspect them" not in cleo.get(f"/duties/{duty_id}").content
    out = {"people": [cast.people["uma"].pk], "why": "A relative.", "suspects": "on"}
    assert cleo.post(f"/duties/{duty_id}/keep-out", out).status_code == 302
    values = actions.open_writing(cast.viewer("tess"), duty_id).values
    assert "Uma" not in values.get("suspect_name", "")
    assert (
        cleo.post(f"/duties/{duty_id}/note", {"words": "Uma", "kind": "suspected"}).status_code
        == 404
    )


def test_where_the_writer_works_is_no_place_where_the_child_was(cast: Cast) -> None:
    offices(cast)
    # A center's counselor about a school's child, and a teacher about another school's.
    for who, works in (("alice", cast.center.name), ("tess", "Cedar Middle School")):
        duty_id = reported(cast, who, school_id=cast.birch.pk)
        values = actions.open_writing(cast.viewer(who), duty_id).values
        assert values["reporter_agency"] == works
        assert "Birch" not in str(values)


def test_a_draft_is_its_writers_alone(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    filled(cast, duty_id, nature="A first try.")
    assert "A first try." not in str(bytes(Draft.objects.get().sealed))
    for name in ("hana", "cleo", "tom", "charlie", "ada"):
        with pytest.raises((Http404, DatabaseError)):
            actions.open_writing(cast.viewer(name), duty_id)
        try:
            with viewing(cast.viewer(name)):
                assert not Draft.objects.exists()
        except DatabaseError:
            pass
    page = cast.client("hana").get(f"/duties/{duty_id}/written").content.decode()
    assert "A first try." not in page


def test_what_is_missing_is_said_and_stops_nothing(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    client = cast.client("tess")
    page = client.get(f"/duties/{duty_id}/written").content.decode()
    assert "the law asks for these if you know them" in page
    sent = client.post(f"/duties/{duty_id}/written", {"sign": "yes", "typed": "Tess"})
    assert sent.status_code == 302, sent.content.decode()
    assert Report.objects.get().number == 1


def test_the_signed_text_is_whole_hashed_and_in_the_record(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    writing = filled(cast, duty_id, child_name="Ana Vega", nature="Marks.\nSigned: nobody")
    with pytest.raises(Refused):
        actions.sign_report(writing, "  ")
    report_id = actions.sign_report(writing, "Tess")
    _duty, folder = duties.open_duty(cast.viewer("hana"), duty_id)
    with viewing(cast.viewer("hana")):
        (signed,) = actions.reports_of(folder, duty_id)
    assert signed.id == report_id
    assert hashlib.sha256(signed.text.encode()).hexdigest() == signed.digest
    assert "Nature and extent of injuries, maltreatment or neglect: Marks. / Signed: nobody" in (
        signed.text
    )
    assert signed.text.count("\nSigned:") == 1, "no value can pose as a signature"
    entry = Entry.objects.get(action="duty: signed")
    assert entry.detail == {"sha256": signed.digest, "report": str(report_id)}
    # Two equal reports differ: the hash can't be guessed from what is likely.
    actions.sign_report(actions.open_writing(cast.viewer("tess"), duty_id), "Tess")
    assert Report.objects.values("digest").distinct().count() == 2


@pytest.mark.parametrize("typed", ["Somebody Else", "Tess T.", "Tes"])
def test_a_name_that_is_not_the_account_s_signs_nothing(cast: Cast, typed: str) -> None:
    offices(cast)
    duty_id = reported(cast)
    writing = filled(cast, duty_id, nature="Marks.")
    with pytest.raises(Refused, match="Type your own name as your account has it"):
        actions.sign_report(writing, typed)
    assert not Report.objects.exists()
    actions.sign_report(writing, "  tESS ")
    assert Report.objects.count() == 1


def test_nothing_is_signed_that_was_not_kept(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    with pytest.raises(Refused):
        actions.sign_report(actions.open_writing(cast.viewer("tess"), duty_id), "Tess")


@pytest.mark.parametrize("words", ["Łukasz Đỗ", "小明 😀", "محمد", "#strong[x] \\ $x$", "a\x07b"])
def test_whatever_was_written_can_be_printed(cast: Cast, words: str) -> None:
    form = agency_form("dcf-136")
    assert form is not None
    pdf = report_pdf(
        form,
        {"child_name": words},
        now=right_now(),
        zone="America/New_York",
        signed=f"Child: {words}\n",
        typed="T",
        account="A",
        digest="0" * 64,
        at=right_now(),
    )
    assert attached(pdf) == {"signed-report.txt": f"Child: {words}\n".encode()}


def send(client: Client, duty_id: UUID, **more: Any) -> Any:
    now = typed_now()
    return client.post(f"/duties/{duty_id}/written/sent", {"at": now, "how": "fax", **more})


def test_the_proof_of_sending_is_kept_byte_for_byte_and_only_saved(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    receipt = b"%PDF-1.4 <script>alert(1)</script>" * 100
    answer = send(cast.client("tess"), duty_id, file=SimpleUploadedFile("../fax <b>.html", receipt))
    assert answer.status_code == 302, answer.content.decode()
    kept = Evidence.objects.get()
    given = cast.client("hana").get(f"/duties/{duty_id}/written/files/{kept.pk}")
    assert given.content == receipt
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Content-Type"] == "application/octet-stream"
    entry = Entry.objects.get(action="duty: written")
    assert entry.detail["file"] == hashlib.sha256(receipt).hexdigest()
    assert b"alert" not in bytes(kept.sealed)
    for name in ("tom", "charlie"):
        found = cast.client(name).get(f"/duties/{duty_id}/written/files/{kept.pk}")
        assert found.status_code == 404
    assert Duty.objects.get(pk=duty_id).written_at is not None


def test_a_file_that_is_too_big_costs_nothing_else(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    big = SimpleUploadedFile("fax.pdf", b"x" * (MOST_BYTES + 1))
    answer = send(cast.client("tess"), duty_id, file=big, to="Area office")
    assert answer.status_code == 422
    assert "Area office" in answer.content.decode()
    assert Duty.objects.get(pk=duty_id).written_at is None
    assert send(cast.client("tess"), duty_id).status_code == 302


def test_sent_once_is_sent(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    tess = cast.viewer("tess")
    duties.send_written(tess, duty_id, at=right_now(), words={}, proof=Proof("a", b"a"))
    with pytest.raises(Refused):
        duties.send_written(tess, duty_id, at=right_now(), words={})
    page = cast.client("tess").post(
        f"/duties/{duty_id}/written", {"sign": "yes", "typed": "Tess"}, follow=True
    )
    assert not Report.objects.exists(), page.content.decode()


@pytest.mark.parametrize(
    ("accused", "copy_to"),
    [
        ([], "hana"),
        (["hana"], "cleo"),
        (["hana", "sol"], "bo"),
        (["sol"], "bo"),
        (["hana", "dino", "cleo", "sol", "bo"], None),
    ],
)
def test_the_copy_goes_past_the_accused_to_the_next_outside(
    cast: Cast, accused: list[str], copy_to: str | None
) -> None:
    offices(cast)
    duty_id = reported(cast, accused=tuple(cast.people[name].pk for name in accused))
    actions.sign_report(filled(cast, duty_id), "Tess")
    duties.send_written(cast.viewer("tess"), duty_id, at=right_now(), words={})
    told = [one.person_id for one in Notice.objects.filter(kind="duty_copy")]
    assert told == ([cast.people[copy_to].pk] if copy_to else [])
    _duty, folder = duties.open_duty(cast.viewer("tess"), duty_id)
    copies = DutyEvent.objects.filter(duty_id=duty_id, kind="copy")
    assert copies.count() == len(told)
    if copy_to:
        event = copies.get()
        assert event.sealed is not None
        assert copy_to.capitalize() in folder.read("event", event.pk, event.sealed)
        report_id = Report.objects.get().pk
        given = cast.client(copy_to).get(f"/duties/{duty_id}/written/{report_id}.pdf")
        assert b"Tess" in attached(given.content)["signed-report.txt"]
    for name in accused:
        assert cast.client(name).get(f"/duties/{duty_id}/written").status_code == 404
        assert cast.client(name).get(f"/duties/{duty_id}/proof.pdf").status_code == 404


def test_whoever_came_into_office_since_gets_the_copy_all_the_same(cast: Cast) -> None:
    made = offices(cast)
    made["hana"].memberships.update(role="designee")
    made["dino"].memberships.update(role="head_of_school")
    duty_id = reported(cast)
    made["hana"].memberships.update(role="head_of_school")
    made["dino"].memberships.all().delete()
    duties.send_written(cast.viewer("tess"), duty_id, at=right_now(), words={})
    assert Notice.objects.get(kind="duty_copy").person_id == made["hana"].pk
    assert cast.client("hana").get(f"/duties/{duty_id}").status_code == 200
