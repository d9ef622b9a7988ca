"""The poster as it leaves the printer: read by a phone's camera, by eyes and by a screen reader."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from typing import NamedTuple

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings

from upstander.administration.posters import TEXTS, Paper, poster_pdf
from upstander.base.languages import LANGUAGES, language_of
from upstander.people.tests.cast import Cast
from upstander.places.models import School

NOW = dt.datetime(2026, 1, 15, 3, 30, tzinfo=dt.UTC)
LONG = "Regional Academy of Environmental Sciences, Agriculture and the Performing Arts"
EN, ES, AR = "en", "es", "ar"


class Printed(NamedTuple):
    """What is found on a page."""

    codes: list[str]
    text: str
    pages: int


def printed(pdf: bytes) -> Printed:
    """Print a PDF at 100 dots an inch, photograph it, and read its text."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    picture = page.render(scale=100 / 72).to_pil()
    codes = [found.text for found in zxingcpp.read_barcodes(picture)]
    text = " ".join(page.get_textpage().get_text_range().split())
    return Printed(codes, text, len(document))


def poster(
    name: str = "Cedar Middle School",
    slug: str = "cedar",
    language: str = EN,
    paper: Paper = Paper.LETTER,
    *,
    strip: bool = True,
) -> bytes:
    """Make a poster at a fixed time."""
    school = School(name=name, slug=slug)
    return poster_pdf(school, language=language, paper=paper, now=NOW, strip=strip)


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_opens_the_form_for_the_school(language: str, paper: Paper) -> None:
    path = "/r/cedar" if language == EN else f"/{language}/r/cedar"
    page = printed(poster(language=language, paper=paper))
    assert page.codes == [settings.PUBLIC_URL + path]
    assert page.pages == 1
    # Read from a line that runs the other way, its parts come back turned.
    if not language_of(language).right_to_left:
        assert settings.PUBLIC_URL.split("://")[1] + path in page.text


MUST_BE_SAID = ("nameless", "person", "back", "danger", "danger_call", "talk", "talk_call")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_must_be_said_is_said_in_the_language(language: str) -> None:
    text = printed(poster(language=language)).text
    for key in MUST_BE_SAID:
        assert all(said in text for said in _to_look_for(TEXTS[language][key], language)), key
    assert "911" in text
    assert "988" in text


def _to_look_for(text: str, language: str) -> list[str]:
    """What reading a PDF gives back of a text: all of it; of Arabic each word of plain letters.

    Letters that are drawn as one (lam and alef), or that carry a mark, come back in another order.
    """
    if language != AR:
        return [text]
    words = re.findall("[\u0621-\u0652]+", text)
    plain = [word for word in words if not re.search("ل[اأإآ]|[\u064b-\u0652]|ى", word)]
    assert len(plain) > len(words) / 2
    return plain


def test_the_arabic_poster_runs_from_right_to_left_and_its_address_does_not() -> None:
    page = pypdfium2.PdfDocument(poster(language=AR))[0]
    words = page.get_textpage()
    right = page.get_width() / 2
    (start, _) = next(
        (words.get_charbox(i)[0], i)
        for i in range(words.count_chars())
        if words.get_text_range(i, 1) == "ي"
    )
    assert start > right
    with pikepdf.open(BytesIO(poster(language=AR))) as pdf:
        told = [
            str(o["/Alt"]) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o
        ]
    address = f"{settings.PUBLIC_URL.split('://')[1]}/ar/r/cedar"
    assert told == [f"رمز \u2066QR\u2069 يفتح \u2066{address}\u2069"]


@pytest.mark.parametrize("paper", Paper)
def test_a_long_name_and_address_still_fit_on_the_page(paper: Paper) -> None:
    slug = "regional-academy-of-environmental-sciences-aaaaaaa"  # fifty: as long as a slug can be
    page = printed(poster(LONG, slug, ES, paper))
    assert page.pages == 1
    assert page.codes == [f"{settings.PUBLIC_URL}/es/r/{slug}"]
    assert LONG in page.text


def test_a_name_is_never_read_as_markup() -> None:
    name = '#text(red)[*Oak*] $x$ "Ridge" \\ @you <b> {date}'
    assert name in printed(poster(name)).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_tagged_with_language_title_and_the_schools_own_date(language: str) -> None:
    with pikepdf.open(BytesIO(poster(language=language))) as pdf:
        root = pdf.Root
        assert str(root["/Lang"]) == language
        assert bool(root["/MarkInfo"]["/Marked"])
        assert "/StructTreeRoot" in root
        assert "Cedar Middle School" in str(pdf.docinfo["/Title"])
        # Half past three in the morning UTC is still the evening before in Connecticut.
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260114")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_the_code_and_the_headline_are_told_to_a_screen_reader_and_the_tabs_are_not() -> None:
    with pikepdf.open(BytesIO(poster())) as pdf:
        elements = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o]
        kinds = [str(element["/S"]) for element in elements]
        told = [str(element["/Alt"]) for element in elements if "/Alt" in element]
    assert kinds.count("/H1") == 1
    assert told == [f"QR code that opens {settings.PUBLIC_URL.split('://')[1]}/r/cedar"]
    bare = printed(poster(strip=False)).text
    assert printed(poster()).text.count("/r/cedar") > bare.count("/r/cedar") == 1


@pytest.mark.django_db
def test_a_team_prints_its_own_schools_poster_and_no_other(cast: Cast) -> None:
    own, other = (cast.teams[name].school_id for name in ("cedar", "birch"))
    client = cast.client("tom")
    page = client.get("/posters").content.decode()
    for language in LANGUAGES:
        assert f"/posters/{own}/{language}/a4" in page
    assert f"/posters/{other}/" not in page
    answer = client.get(f"/posters/{own}/es/a4")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="poster-cedar-es-a4.pdf"'
    assert printed(answer.content).codes == [f"{settings.PUBLIC_URL}/es/r/cedar"]
    assert client.get(f"/posters/{other}/es/a4").status_code == 404
    assert client.get(f"/posters/{own}/fr/a4").status_code == 404
    assert client.get(f"/posters/{own}/es/a3").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "schools"),
    [
        ("dee", {"cedar", "birch"}),
        ("pia", {"aspen"}),
        ("charlie", {"quay"}),
        ("ada", {"cedar", "birch", "aspen", "quay"}),
    ],
)
def test_each_sees_the_schools_that_are_theirs(cast: Cast, name: str, schools: set[str]) -> None:
    page = cast.client(name).get("/posters").content.decode()
    seen = {
        one
        for one in ("cedar", "birch", "aspen", "quay")
        if f"/posters/{cast.teams[one].school_id}/" in page
    }
    assert seen == schools


@pytest.mark.django_db
def test_a_counselor_prints_none(cast: Cast) -> None:
    assert cast.client("alice").get("/posters").status_code == 403
