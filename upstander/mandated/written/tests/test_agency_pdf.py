"""An agency's own form: made harmless, mapped once, filled in."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, String

from conftest import Cast
from upstander.base.refused import Refused
from upstander.mandated.tests.test_duties import offices
from upstander.mandated.written import actions
from upstander.mandated.written.acro import fields_of, filled, made_harmless
from upstander.mandated.written.models import AgencyPdf, Report
from upstander.mandated.written.tests.test_written import filled as drafted
from upstander.mandated.written.tests.test_written import reported
from upstander.states import agency_form


def own_form(**more: Any) -> bytes:
    """A form with two lines of text, a box to tick, and things that should not be there."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )

    def text(name: str, top: int, **extra: Any) -> Any:
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String(name),
                F=4,
                Rect=Array([50, top - 20, 500, top]),
                DA=String("/Helv 10 Tf 0 g"),
                **extra,
            )
        )

    def state() -> Any:
        return pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))

    box = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Btn,
            T=String("white"),
            F=4,
            Rect=Array([50, 600, 60, 610]),
            V=Name.Off,
            AS=Name.Off,
            AP=Dictionary(N=Dictionary(Yes=state(), Off=state())),
            A=Dictionary(S=Name.JavaScript, JS=String("app.alert('field')")),
        )
    )
    fields = [text("Child", 750, TU=String("Name of child")), text("Signed", 700), box]
    page.obj.Annots = Array(fields)
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(
            Fields=Array(fields),
            DA=String("/Helv 10 Tf 0 g"),
            DR=Dictionary(Font=Dictionary(Helv=font)),
            XFA=String("<xfa/>"),
        )
    )
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('open')"))
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(
            Names=Array(
                [String("a"), Dictionary(S=Name.JavaScript, JS=String("app.alert('named')"))]
            )
        )
    )
    pdf.attachments["hidden.exe"] = b"MZ"
    out = io.BytesIO()
    pdf.save(out, **more)
    return out.getvalue()


def test_nothing_that_runs_or_hides_is_kept() -> None:
    harmless = made_harmless(own_form())
    with pikepdf.open(io.BytesIO(harmless)) as pdf:
        text = b"".join(one.unparse() for one in pdf.objects if not isinstance(one, pikepdf.Stream))
        assert b"alert" not in text
        assert b"xfa" not in text
        assert not pdf.attachments
    assert b"MZ" not in harmless
    assert fields_of(harmless) == [
        ("Child", "Name of child"),
        ("Signed", "Signed"),
        ("white=/Yes", "☐ white"),
    ]


def test_what_is_no_form_is_refused_with_its_reason() -> None:
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    locked = own_form(encryption=pikepdf.Encryption(owner="o", user="u"))
    for content, why in (
        (b"no pdf", "can’t be opened"),
        (blank.getvalue(), "no fillable fields"),
        (locked, "password"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger"),
    ):
        with pytest.raises(Refused, match=why):
            made_harmless(content)


def test_fields_are_filled_in_and_what_is_gone_is_passed_over() -> None:
    done = filled(
        made_harmless(own_form()),
        {"Child": "Ana Vega (Łukasz) 小", "white=/Yes": "yes", "Gone": "x"},
        {"signed-report.txt": b"text"},
    )
    with pikepdf.open(io.BytesIO(done)) as pdf:
        values = {str(one.T): one.get("/V") for one in pdf.Root.AcroForm.Fields}
        assert str(values["Child"]) == "Ana Vega (Łukasz) 小"
        assert values["white"] == Name.Yes
        assert values["Signed"] is None
        assert pdf.attachments["signed-report.txt"].get_file().read_bytes() == b"text"


@pytest.mark.django_db
def test_an_administrator_maps_it_once_and_reports_are_filled_into_it(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    form = agency_form("dcf-136")
    assert form is not None
    actions.sign_report(drafted(cast, duty_id, child_name="Ana Vega", race="white"), "Tess")
    at = f"/duties/{duty_id}/written/{Report.objects.get().pk}/agency.pdf"
    assert cast.client("tess").get(at).status_code == 404
    ada = cast.client("ada")
    assert ada.get("/forms").status_code == 200
    wrong = ada.post("/forms/dcf-136", {"what": "upload", "pdf": SimpleUploadedFile("a", b"x")})
    assert wrong.status_code == 422
    assert "can’t be opened" in wrong.content.decode()
    pdf = SimpleUploadedFile("136.pdf", own_form())
    assert ada.post("/forms/dcf-136", {"what": "upload", "pdf": pdf}).status_code == 302
    assert "Name of child" in ada.get("/forms/dcf-136").content.decode()
    mapped = {
        "what": "map",
        "m_child_name": "Child",
        "m_race_white": "white=/Yes",
        "m_signature": "Signed",
    }
    assert ada.post("/forms/dcf-136", mapped).status_code == 302
    assert AgencyPdf.objects.get().fields == {
        "child_name": "Child",
        "race": {"white": "white=/Yes"},
        "signature": "Signed",
    }
    page = cast.client("tess").get(f"/duties/{duty_id}/written").content.decode()
    assert "In the agency’s own form" in page
    with pikepdf.open(io.BytesIO(cast.client("tess").get(at).content)) as done:
        values = {str(one.T): str(one.V) for one in done.Root.AcroForm.Fields}
        assert values["Child"] == "Ana Vega"
        assert values["Signed"].startswith("Tess (signed electronically, ")
        assert values["white"] == "/Yes"
        assert b"Ana Vega" in done.attachments["signed-report.txt"].get_file().read_bytes()
    ada.post("/forms/dcf-136", {"what": "withdraw"})
    assert cast.client("tess").get(at).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["tess", "cleo", "sol", "alice", "dee"])
def test_nobody_else_keeps_forms(cast: Cast, name: str) -> None:
    offices(cast)
    assert cast.client(name).get("/forms").status_code == 403
    assert cast.client(name).post("/forms/dcf-136", {"what": "withdraw"}).status_code == 403
