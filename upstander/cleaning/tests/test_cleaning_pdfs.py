"""PDFs are written anew: their pages stay, what stands around them goes."""

from __future__ import annotations

import io

import pikepdf
import pytest

from upstander.cleaning import pdfs
from upstander.cleaning.source import Unreadable
from upstander.cleaning.tests import samples
from upstander.cleaning.tests.samples import SECRET


def opened_up(data: bytes) -> bytes:
    """The PDF with everything in it readable."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
    return out.getvalue()


def test_what_says_who_and_what_does_something_is_gone() -> None:
    before = samples.pdf()
    assert before.count(SECRET) > 10
    after = opened_up(pdfs.made_anew(before))
    assert SECRET not in after
    for word in (
        b"/JavaScript",
        b"/OpenAction",
        b"/AA",
        b"/URI",
        b"/Info",
        b"/Metadata",
        b"/EmbeddedFile",
        b"/Filespec",
        b"/AcroForm",
        b"/XFA",
        b"/Sig",
        b"/PieceInfo",
        b"/Thumb",
        b"/Author",
        b"CreationDate",
        b"xmpmeta",
        b"Exif",
        b"PK\x03\x04",
    ):
        assert word not in after, word


def test_pages_notes_and_bookmarks_stay() -> None:
    with pikepdf.open(io.BytesIO(pdfs.made_anew(samples.pdf()))) as pdf:
        page = pdf.pages[0].obj
        assert b"he waits at the gate" in page.Contents.read_bytes()
        assert [str(note.Contents) for note in page.Annots.as_list()] == ["see here"]
        assert page.Resources.XObject.Im0.read_raw_bytes().startswith(b"\xff\xd8\xff\xe0")
        photo = page.Resources.XObject.Im0
        assert isinstance(photo, pikepdf.Stream)
        assert pikepdf.PdfImage(photo).as_pil_image().size == (60, 40)
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["one", "two"]


def test_a_form_that_was_filled_in_still_shows_its_answers() -> None:
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(200, 100)).obj
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    field = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String("who"),
            V=pikepdf.String("the older boys"),
            DA=pikepdf.String("/Helv 12 Tf 0 g"),
            Rect=pikepdf.Array([10, 10, 150, 30]),
        )
    )
    page.Annots = pikepdf.Array([field])
    made.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([field]),
        NeedAppearances=True,
        DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=font)),
        DA=pikepdf.String("/Helv 12 Tf 0 g"),
    )
    out = io.BytesIO()
    made.save(out)
    with pikepdf.open(io.BytesIO(pdfs.made_anew(out.getvalue()))) as pdf:
        shown = pdf.pages[0].obj.Annots[0].AP.N.read_bytes()
    assert b"the older boys" in shown


def test_a_font_with_the_name_of_a_thing_that_goes_stays() -> None:
    made = pikepdf.new()
    page = made.add_blank_page().obj
    page.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(AA=pikepdf.Dictionary(Type=pikepdf.Name.Font))
    )
    out = io.BytesIO()
    made.save(out)
    with pikepdf.open(io.BytesIO(pdfs.made_anew(out.getvalue()))) as pdf:
        assert "/AA" in pdf.pages[0].obj.Resources.Font


def test_earlier_revisions_fall_away() -> None:
    first = io.BytesIO()
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Old = made.make_stream(SECRET)
    made.save(first, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    data = first.getvalue()
    # A later revision in which the object is empty: its old bytes still lie in the file.
    at = len(data) + 1
    number = data[: data.index(SECRET)].rfind(b" 0 obj")
    name = data[data.rfind(b"\n", 0, number) + 1 : number]
    start = data.rfind(b"startxref")
    before = data[start:].split()[1]
    update = b"\n%s 0 obj\nnull\nendobj\nxref\n%s 1\n%010d 00000 n \n" % (name, name, at)
    size = len(data) + len(b"\n%s 0 obj\nnull\nendobj\n" % name)
    trailer = data[data.rfind(b"trailer <<") + 10 : start].rsplit(b">>", 1)[0]
    update += b"trailer <<%s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, before, size)
    assert SECRET in data + update
    assert SECRET not in opened_up(pdfs.made_anew(data + update))


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n", b"%PDF-1.4 <script>alert(1)</script>", b"%PDF-1.7\nPK\x03\x04" + bytes(5000)],
)
def test_what_is_no_pdf_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        pdfs.made_anew(data)


def test_one_that_asks_for_a_password_is_unreadable() -> None:
    made = pikepdf.new()
    made.add_blank_page()
    out = io.BytesIO()
    made.save(out, encryption=pikepdf.Encryption(user="door", owner="door"))
    with pytest.raises(Unreadable):
        pdfs.made_anew(out.getvalue())


def test_a_jpeg_2000_loses_its_notes() -> None:
    box = b"\0\0\0\x0cjP  \r\n\x87\n"
    note = (8 + len(SECRET)).to_bytes(4) + b"xml " + SECRET
    assert pdfs.jp2_without_notes(box + note) == box
