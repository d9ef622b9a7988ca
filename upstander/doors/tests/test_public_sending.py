"""Sending the form: one tip, one code, and nothing typed is ever lost."""

from __future__ import annotations

import re

import pytest

from conftest import Cast
from upstander.doors.tests.site import WORDS, Site, code_in, hidden_in, text_of
from upstander.doors.web import report
from upstander.intake.routing import NoCenter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.reporter import MAX_TEXT, NotKept

pytestmark = pytest.mark.usefixtures("either_intake")


def test_the_answer_to_sending_is_the_conversation_with_the_code(site: Site) -> None:
    response = site.send(tile="threat", who="group")
    assert response.status_code == 200
    assert len(code_in(response).split()) == 7
    page = text_of(response)
    assert "Thank you. You did a good thing." in page
    assert 'src="/talk/live?since=' in page
    assert "We can’t get them back for you." in page


def test_the_cookie_comes_now_and_no_script_or_other_site_gets_it(site: Site) -> None:
    cookie = site.send().cookies["talk"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["expires"]
    assert not cookie["max-age"]


def test_what_was_written_reaches_the_counselor(site: Site, cast: Cast) -> None:
    site.send("/r/cedar", tile="threat", when="soon", not_see="Mr. Vale", place="Gym")
    tip = Tip.objects.get()
    assert (tip.school_id, tip.district_id, tip.tile) == (cast.cedar.pk, cast.maple.pk, "threat")
    contents = read_contents(open_tip(cast.viewer("alice"), tip.pk))
    assert contents.turns[0].text == WORDS
    assert contents.answers["not_see"] == "Mr. Vale"
    assert contents.answers["place"] == "Gym"


def test_a_double_click_a_reload_and_a_retry_are_one_tip_with_one_code(site: Site) -> None:
    fields = {**site.form(), "text": WORDS}
    codes = {code_in(site.post("/report", fields)) for _ in range(3)}
    site.client.cookies.clear()
    codes.add(code_in(site.post("/report", fields)))
    assert len(codes) == 1
    assert Tip.objects.count() == 1


def test_edited_text_from_the_same_page_is_a_tip_of_its_own(site: Site) -> None:
    fields = site.form()
    first = code_in(site.post("/report", {**fields, "text": "One."}))
    second = code_in(site.post("/report", {**fields, "text": "One and two."}))
    assert first != second
    assert Tip.objects.count() == 2


def test_two_readers_of_one_copied_page_get_two_codes(site: Site) -> None:
    fields = site.form()
    codes = {code_in(site.post("/report", {**fields, "text": t})) for t in ("Mine.", "Yours.")}
    assert len(codes) == 2


def test_a_form_without_a_token_is_a_tip_all_the_same(site: Site) -> None:
    assert code_in(site.post("/report", {"text": WORDS}))


@pytest.mark.parametrize("typed", ["Birch High School", "  birch high  SCHOOL "])
def test_a_school_that_was_typed_is_found(site: Site, cast: Cast, typed: str) -> None:
    site.send("/report?d=maple-valley", school=typed)
    assert Tip.objects.get().school_id == cast.birch.pk


def test_a_place_that_we_do_not_know_costs_nobody_their_tip(site: Site, cast: Cast) -> None:
    site.send("/report?d=maple-valley", school="the old mill")
    tip = Tip.objects.get()
    assert tip.school_id is None
    contents = read_contents(open_tip(cast.viewer("alice"), tip.pk))
    assert contents.answers["school"] == "the old mill"


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n", "\x00"])
def test_a_missing_text_is_asked_for_and_everything_else_stays(site: Site, text: str) -> None:
    response = site.send(text=text, tile="fight", place="Gym <b>3</b>", when="now")
    page = text_of(response)
    assert response.status_code == 422
    assert "Please write what happened." in page
    assert "Everything you wrote is still here." in page
    assert 'name="tile" value="fight" checked' in page
    assert 'name="when" value="now" checked' in page
    assert "Gym &lt;b&gt;3&lt;/b&gt;" in response.content.decode()
    assert not response.cookies
    assert Tip.objects.count() == 0


def test_a_text_that_is_far_too_long_stays_in_the_page(site: Site) -> None:
    response = site.send(text="ش" * (MAX_TEXT // 2 + 1), place="Gym")
    assert response.status_code == 422
    page = text_of(response)
    assert "too long for one message" in page
    assert "ش" * (MAX_TEXT // 2 + 1) in page
    assert 'value="Gym"' in page


def test_the_longest_text_that_fits_is_kept(site: Site, cast: Cast) -> None:
    site.send("/report?d=maple-valley", text="x" * MAX_TEXT)
    contents = read_contents(open_tip(cast.viewer("alice"), Tip.objects.get().pk))
    assert len(contents.turns[0].text) == MAX_TEXT


def test_answers_without_end_are_refused_with_words_and_kept(site: Site) -> None:
    response = site.send(subject="y" * 30_000)
    assert response.status_code == 422
    assert "y" * 30_000 in text_of(response)


@pytest.mark.parametrize("fault", [NotKept(), NoCenter()])
def test_a_database_that_is_away_keeps_every_word_in_the_page(
    site: Site, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def away(_new: object) -> None:
        raise fault

    monkeypatch.setattr(report, "file_tip", away)
    fields = {**site.form("/r/cedar"), "text": WORDS, "tile": "home", "trusted_adult": "Aunt Rosa"}
    response = site.post("/report", fields)
    page = text_of(response)
    assert response.status_code == 503
    assert "Nothing was sent." in page
    for kept in (
        WORDS,
        'name="tile" value="home" checked',
        'value="Aunt Rosa"',
        "tel:911",
        "tel:211",
    ):
        assert kept in page
    assert not response.cookies
    # Sending the same page again, once it works, is the same tip: its token is still there.
    assert hidden_in(page)["token"] == fields["token"]


HOSTILE = [
    "a\x00b",
    "\x01\x02\x1b[31m\x7f\x85",
    "\u202eevil\u202c \u2066x\u2069 \u200f",
    "\ud800",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }} {% now %}",
    "zq7code7qz zq7nothing7qz",
    "' OR 1=1 --",
    "👩‍👩‍👧‍👦 نص עברית",
    "%s %(x)s {0}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_page(site: Site, text: str) -> None:
    wire = text.encode("utf-8", "surrogatepass")
    quoted = b"".join(b"%%%02X" % byte for byte in wire)
    body = b"token=t1&text=" + quoted + b"&place=" + wire.replace(b"%", b"%25").replace(b"&", b"")
    response = site.post_raw("/report", body)
    assert response.status_code in (200, 422)
    live = site.get("/talk/live")
    assert b"<script>alert" not in response.content + live.content


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"text=%ff%fe%80&token=%c3%28", "application/x-www-form-urlencoded"),
        (b"text=hello", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"text=hello", "application/x-www-form-urlencoded; charset=nothing"),
        (b"&".join(b"a%d=1" % i for i in range(5000)), "application/x-www-form-urlencoded"),
        (b"--x\r\nnot a part", "multipart/form-data; boundary=x"),
        (b"junk", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
def test_no_body_breaks_a_page(site: Site, body: bytes, kind: str) -> None:
    assert site.post_raw("/report", body, kind).status_code in (200, 400, 422)


def test_the_code_stands_in_no_address(site: Site) -> None:
    response = site.send()
    words = code_in(response).split()
    for address in re.findall(r'(?:href|src|action)="([^"]*)"', response.content.decode()):
        # One of the seven may be a word that our addresses have anyway, such as "message".
        assert len(set(words) & set(re.split(r"\W", address))) < 2


def test_only_a_tip_from_the_slow_lane_carries_its_similarity(site: Site) -> None:
    site.send(text="First.")
    site.client.defaults[report.SIMILARITY] = lambda text: text.encode()[:8].ljust(8)  # type: ignore[assignment]
    site.send(text="Second.")
    marks = {bytes(t.similarity) if t.similarity else None for t in Tip.objects.all()}
    assert marks == {None, b"Second. "}


def test_questions_that_depend_on_the_tile_come_after_sending(site: Site) -> None:
    page = text_of(site.send(tile="suicide", when="now", place="Roof"))
    assert 'name="hurt_today"' in page
    assert 'name="means"' in page
    assert 'name="place"' not in page, "it was answered"
    assert 'name="who_hurt"' not in page


def test_a_life_in_danger_is_told_to_call_911_at_the_top(site: Site) -> None:
    page = text_of(site.send(tile="attack", when="now"))
    assert "Don’t wait for our answer." in page
    assert page.index("Don’t wait for our answer.") < page.index("Please stay on this page.")
    assert "Don’t wait for our answer." not in text_of(site.send(tile="bullying", text="Other."))


def test_pages_of_one_kind_are_kept_without_a_word_of_anybody(site: Site) -> None:
    code = code_in(site.send(tile="fight", text="Nobody else reads this."))
    other = site.send(tile="fight", text="Something else.")
    assert code not in text_of(other)
    assert "Nobody else reads this." not in text_of(other)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"tile": "suicide", "who": "me"}, "Have you already hurt yourself today?"),
        ({"tile": "suicide", "source": "self"}, "Have you already hurt yourself today?"),
        ({"tile": "suicide", "who": "someone"}, "Have they already hurt themselves today?"),
        ({"tile": "suicide"}, "Have they already hurt themselves today?"),
        ({"tile": "drugs", "who": "me"}, "Can you stay awake and breathe well?"),
        ({"tile": "home", "who": "me", "when": "now"}, "Where are you now?"),
        # Whoever is threatened asks for help for themselves; the weapon is somebody else's.
        ({"tile": "threat", "who": "me"}, "Can they get a gun"),
    ],
)
def test_whoever_is_in_danger_themselves_is_asked_as_you(
    site: Site, answers: dict[str, str], asked: str
) -> None:
    page = text_of(site.send(**answers))
    assert asked in page
    other = {"Have you": "Have they", "Have they": "Have you"}.get(" ".join(asked.split()[:2]))
    assert not other or other not in page


def test_words_alone_are_looked_at_soon_and_asked_when_and_where(site: Site) -> None:
    """Nobody has read them, and nothing was picked: unknown is not harmless."""
    page = text_of(site.send())
    assert Tip.objects.get().priority == "urgent"
    assert "Is somebody in danger right now?" in page
    assert 'href="tel:911"' in page
    assert 'name="when"' in page
    assert 'name="place"' in page
    site.post("/talk/answers", {**hidden_in(page), "when": "now", "place": "The old mill"})
    tip = Tip.objects.get()
    assert tip.happening_now
    assert tip.priority == "urgent", "one more answer lowers nothing"


@pytest.mark.parametrize("when", [{}, {"when": "unknown"}, {"when": "days"}, {"when": "past"}])
def test_wanting_to_die_is_told_of_911_and_988_whenever_it_is(
    site: Site, when: dict[str, str]
) -> None:
    """Who ticks it is told no less than who ticks nothing, and is asked whether it is now."""
    page = text_of(site.send(tile="suicide", **when))
    assert "Is somebody in danger right now?" in page
    assert ('name="when"' in page) is not bool(when)


@pytest.mark.parametrize("when", ["soon", "days", "unknown"])
def test_words_alone_are_told_of_911_by_any_time_but_over(site: Site, when: str) -> None:
    assert "Is somebody in danger right now?" in text_of(site.send(when=when))


def test_a_topic_that_kills_when_it_is_now_is_told_while_nobody_said_when(site: Site) -> None:
    assert "Is somebody in danger right now?" in text_of(site.send(tile="partner"))
    assert "Is somebody in danger right now?" not in text_of(site.send(tile="partner", when="days"))


def test_a_harmless_topic_stays_what_was_picked(site: Site) -> None:
    page = text_of(site.send(tile="bullying", when="past"))
    assert Tip.objects.get().priority == "routine"
    assert "Is somebody in danger right now?" not in page
