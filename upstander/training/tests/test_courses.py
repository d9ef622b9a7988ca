"""Courses: what a careless file is told, what is whole, and what a quiz keeps of anybody."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import escape

from conftest import Cast
from tests.access.offices import add_offices
from upstander.people.scope import viewing
from upstander.rulefiles import RuleFileWrong
from upstander.training import certificates
from upstander.training.actions.completions import LINK_PATH, make_link
from upstander.training.courses.approving import all_texts, offered
from upstander.training.courses.loading import ENOUGH, courses, read_courses
from upstander.training.models import Completion, Due
from upstander.training.tests.setup import approve, employ

MANDATED = "mandated-reporter"
QUIZ = f"/courses/{MANDATED}/en/quiz"
CARD = """
[[items]]
key = "one"
right = 1
[items.texts.en]
text = "What now?"
choices = ["This", "That"]
why = "It helps."
[items.texts.es]
text = "¿Y ahora?"
choices = ["Esto", "Eso"]
why = "Ayuda."
"""
FILE = 'title = {en = "Tea", es = "Té"}\nband = "staff"\nminutes = 5\nsources = ["Us"]\n'
TEXT = "## One\n\nWords.\n"


def read(folder: Path, rules: str = FILE, en: str = TEXT, es: str = TEXT) -> Any:
    for name, said in (("tea.toml", rules), ("tea.en.md", en), ("tea.es.md", es)):
        (folder / name).write_text(said, "utf-8")
    return read_courses([folder / "tea.toml"])["tea"]


def test_course_of_plain_files_is_read(tmp_path: Path) -> None:
    course = read(tmp_path, FILE + CARD, es="## Uno\n\nUna **sola** cosa.\n")
    assert course.languages == ("en", "es")
    assert course.parts["es"][0] == ("Uno", "<p>Una <strong>sola</strong> cosa.</p>\n")
    assert course.digests["en"] != course.digests["es"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"en": "## One\n\n<b>Words</b>\n"}, "no html inline"),
        ({"en": "## One\n\n<script>x</script>\n"}, "no html block"),
        ({"es": "## Uno\n\n[Aquí](https://elsewhere.example)\n"}, "no link"),
        ({"es": "## Uno\n\n![](a.png)\n"}, "no image"),
        ({"en": "# One\n\nWords.\n"}, "begins with ##"),
        ({"en": "Words.\n"}, "begins with a heading"),
        ({"en": "## One\n"}, "nothing stands under"),
        ({"es": TEXT + "## Dos\n\nMás.\n"}, "as many parts"),
        ({"rules": FILE.replace(', es = "Té"', "")}, "no title in: es"),
        ({"rules": FILE + "quiz = true\n" + CARD}, "a quiz draws 12 cards, and there are 1"),
        ({"rules": FILE + CARD.replace("right = 1", "right = 3")}, "there are 2 answers"),
        ({"rules": FILE + CARD.replace('["Esto", "Eso"]', '["Esto"]')}, "2 to 4 answers"),
        ({"rules": FILE + CARD.split("[items.texts.es]", maxsplit=1)[0]}, "isn't in the languages"),
        ({"rules": FILE + CARD.replace("right = 1", "right = 1\npart = 2")}, "too late come: one"),
        ({"rules": FILE + 'cards_of = "coffee"\n'}, "no course in the same languages"),
        ({"rules": FILE + 'colour = "red"\n'}, "colour"),
    ],
)
def test_course_of_careless_files_is_refused(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(RuleFileWrong, match=re.escape(said)):
        read(tmp_path, **changed)


def test_courses_that_ship_are_whole() -> None:
    found = courses()
    cards = {key: len(one.cards) for key, one in found.items()}
    assert cards == {
        "mandated-reporter": 14,
        "mandated-refresher": 14,
        "substitute": 0,
        "child-tells": 6,
        "team-first-hour": 6,
        "family-evening": 3,
        "trusted-adult": 0,
        "booster": 6,
        "students-6-8": 24,
        "students-9-12": 24,
    }
    for key in ("students-6-8", "students-9-12"):
        assert [len(found[key].cards_after(part)) for part in (1, 2, 3, 4)] == [6, 6, 6, 6]
    for one in found.values():
        words = {code: sum(len(p.html.split()) for p in one.parts[code]) for code in ("en", "es")}
        assert 0.75 < words["es"] / words["en"] < 1.4, (one.key, words)
        answers = {card.right for card in one.cards}
        assert not one.cards or len(answers) == 3, f"{one.key}: the best is always the same one"


def answers(page: str, *, wrong: int = 0) -> dict[str, str]:
    """Return a filled quiz: all right but so many."""
    cards = {one.key: one for one in courses()["mandated-reporter"].cards}
    drawn = list(dict.fromkeys(re.findall(r'name="([a-z-]+)"\s+value="\d"', page)))
    signed = re.search(r'name="drawn" value="([^"]+)"', page)
    assert signed
    assert len(drawn) == 12
    said = {
        key: str(cards[key].right if n >= wrong else cards[key].right % 3 + 1)
        for n, key in enumerate(drawn)
    }
    return {"drawn": signed[1], **said}


@pytest.mark.django_db
def test_course_is_offered_only_as_two_have_read_it(cast: Cast) -> None:
    client = cast.client("tara")
    assert offered() == {}
    assert client.get(QUIZ).status_code == 404
    approve(cast.viewer("ada"), MANDATED)
    assert set(offered()["mandated-reporter"]) == {"en", "es"}
    assert client.get(QUIZ).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM training_coursereview WHERE qualified = second")
        assert cursor.fetchone() == (0,), "names are sealed"
    approve(cast.viewer("ada"), MANDATED, stands=False)
    assert client.get(QUIZ).status_code == 404
    assert all(one.review is None for one in all_texts())


@pytest.mark.django_db
def test_quiz_is_passed_from_ten_and_keeps_no_try(cast: Cast) -> None:
    approve(cast.viewer("ada"), MANDATED)
    own = employ(
        cast.maple, cast.cedar, "Tara Tester", date(2020, 1, 1), person_id=cast.people["tara"].pk
    )
    client = cast.client("tara")
    before = everything()
    for wrong in (12, 13 - ENOUGH):
        page = client.get(QUIZ).content.decode()
        tried = client.post(QUIZ, answers(page, wrong=wrong))
        assert tried.status_code == 422
    forged = client.post(QUIZ, answers(page) | {"drawn": "W10:1abcde:forged"})
    assert forged.status_code == 422
    assert everything() == before, "nothing of a try is kept"
    page = client.get(QUIZ).content.decode()
    passed = client.post(QUIZ, answers(page, wrong=12 - ENOUGH))
    assert passed.status_code == 302
    with viewing(cast.viewer("tara")):
        [done] = Completion.objects.filter(employee=own)
    assert (done.course, done.way) == ("mandated-reporter", "here")
    assert done.version == courses()["mandated-reporter"].digests["en"]
    assert passed["Location"] == f"/certificates/{certificates.number_of(done.pk)}?in=en"


def everything() -> dict[str, int]:
    """Count the rows of every table that a try could be kept in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'people_%session%'"
        )
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            found[name] = cursor.fetchone()[0]
    return found


@pytest.mark.django_db
def test_certificate_confirms_only_a_whole_name(cast: Cast, client: Client) -> None:
    own = employ(cast.maple, cast.cedar, "Dana Q. Driver", date(2020, 1, 1))
    done = Completion.objects.create(
        employee=own,
        course="mandated-reporter",
        completed_on=date(2026, 3, 2),
        recorded_at="2026-03-02T12:00Z",
        way="link",
    )
    path = f"/certificates/{certificates.number_of(done.pk)}"
    assert "Driver" not in client.get(path).content.decode()
    for part in ("Dana", "Driver", "Dana Driver", "", "Dana Q. Drive", "%"):
        assert client.post(path, {"name": part}).status_code == 422, part
    assert client.post(path, {"name": " dana q.  DRIVER "}).status_code == 200
    for _ in range(4):
        tired = client.post(path, {"name": "Dana Q. Driver"})
    assert tired.status_code == 429
    other = path[:-1] + ("0" if path[-1] != "0" else "1")
    assert client.get(other).status_code == 404
    assert client.get("/certificates/x").status_code == 404


@pytest.mark.django_db
def test_link_is_for_its_course_and_used_up_by_passing(cast: Cast, client: Client) -> None:
    add_offices(cast)
    approve(cast.viewer("ada"), MANDATED)
    owes = employ(cast.maple, cast.cedar, "Dana Driver", date(2020, 1, 1))
    due = Due.objects.create(
        employee=owes, rule="mandated", course="mandated-reporter", since=date(2020, 1, 1)
    )
    path = LINK_PATH + make_link(cast.viewer("cleo"), due.pk)
    assert "Español" in client.get(path).content.decode()
    page = client.get(f"{path}/es/1")
    assert "Por qué este curso" in page.content.decode()
    assert "Dana" not in page.content.decode()
    quiz = f"{path}/es/quiz"
    passed = client.post(quiz, answers(client.get(quiz).content.decode()))
    assert passed.status_code == 302
    assert Completion.objects.get(employee=owes).way == "link"
    assert client.get(path).status_code == 410
    assert client.post(quiz, {}).status_code == 410


@pytest.mark.django_db
def test_zip_loads_nothing_from_elsewhere(cast: Cast) -> None:
    for key in courses():
        approve(cast.viewer("ada"), key)
    client = cast.client("tara")
    for key, texts in offered().items():
        for language in texts:
            got = client.get(f"/courses/{key}/{language}/offline.zip")
            packed = zipfile.ZipFile(io.BytesIO(got.content))
            assert packed.namelist() == ["index.html"]
            page = packed.read("index.html").decode()
            assert not re.search(r"(?i)\b(src|href|action|srcset)\s*=|url\(|@import|<script", page)
            assert escape(courses()[key].parts[language][-1].heading) in page
