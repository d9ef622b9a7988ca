"""The components as they come out of their tags."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone


def made(markup: str, **context: object) -> Tag:
    """Render `markup` with the tags loaded and give its first element."""
    html = Template("{% load ui %}" + markup).render(Context(context))
    found = BeautifulSoup(html, "html.parser").find(True)
    assert isinstance(found, Tag)
    return found


@pytest.mark.parametrize(
    ("value", "word"),
    [("life_safety", "Life safety"), ("urgent", "Urgent"), ("routine", "Routine")],
)
def test_priority_has_a_word_and_a_shape_of_its_own(value: str, word: str) -> None:
    badge = made("{% priority value %}", value=value)
    assert badge.get_text(strip=True) == word
    assert badge.select_one(f"svg.icon-priority-{value.replace('_', '-')}")


def test_unknown_priority_state_and_icon_are_mistakes() -> None:
    for markup, error in (
        ("{% priority 'high' %}", KeyError),
        ("{% state 'x' 'green' %}", TemplateSyntaxError),
        ("{% icon 'smile' %}", KeyError),
    ):
        with pytest.raises(error):
            made(markup)


def test_icon_is_decoration_unless_it_has_a_name() -> None:
    assert made("{% icon 'phone' %}")["aria-hidden"] == "true"
    named = made("{% icon 'phone' label %}", label='Call "Ana"')
    assert (named["role"], named["aria-label"]) == ("img", 'Call "Ana"')


def test_notice_always_says_in_a_word_what_it_is() -> None:
    notice = made("{% notice 'warning' %}Two people only.{% endnotice %}")
    assert notice.get_text(" ", strip=True) == "Warning Two people only."
    assert notice.get("role") is None
    assert made("{% notice 'error' live=True %}x{% endnotice %}")["role"] == "alert"


def test_what_people_wrote_is_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    for markup in (
        "{% bubble 'reporter' name=evil %}{{ evil }}{% endbubble %}",
        "{% notice 'info' title=evil %}{{ evil }}{% endnotice %}",
        "{% card title=evil meta=evil %}{{ evil }}{% endcard %}",
        "{% button evil %}",
        "{% state evil %}",
        "{% facts pairs %}",
        "{% table evil columns rows %}",
        "{% return_code evil %}",
        "{% empty evil %}{{ evil }}{% endempty %}",
    ):
        shown = made(
            f"<div>{markup}</div>", evil=evil, pairs=[(evil, evil)], columns=[evil], rows=[[evil]]
        )
        assert not shown.select("script"), markup
        assert "alert(1)" in shown.get_text(), markup


def test_note_says_that_the_reporter_never_sees_it() -> None:
    note = made("{% bubble 'note' name='Ana Ruiz' %}Same handle?{% endbubble %}")
    assert "Internal note: the reporter never sees this" in note.get_text()
    assert "bubble-note" in note["class"]
    assert note.select_one("svg.icon-lock")


def test_words_in_a_bubble_take_their_own_direction_and_keep_their_lines() -> None:
    text = made("{% bubble 'reporter' %}\nline\n  two\n{% endbubble %}").select_one(".bubble-text")
    assert text is not None
    assert text["dir"] == "auto"
    assert text.get_text() == "line\n  two"


def test_countdown_works_without_javascript_and_says_late() -> None:
    soon = made("{% countdown due %}", due=timezone.now() + timedelta(minutes=4, seconds=5))
    late = made("{% countdown due %}", due=timezone.now() - timedelta(seconds=90))
    assert soon.select_one("time").get_text() in ("4:05", "4:04")  # type: ignore[union-attr]
    assert "countdown-late" not in soon["class"]
    assert late.get_text(" ", strip=True) in ("+1:30 late", "+1:31 late")
    assert "countdown-late" in late["class"]


def test_relative_time_carries_the_exact_one() -> None:
    moment = timezone.now() - timedelta(minutes=4)
    shown = made("{% ago moment %}", moment=moment)
    assert shown.get_text() == "4\xa0minutes ago"
    assert shown["datetime"] == moment.isoformat(timespec="seconds")
    assert shown["title"]
    assert made("{% ago moment %}", moment=timezone.now()).get_text() == "just now"
    assert made("{% ago none %}", none=None).get_text() == "–"


def test_what_is_not_known_is_said() -> None:
    shown = made("{% facts pairs %}", pairs=[("Place", ""), ("Count", 0)])
    assert [dd.get_text() for dd in shown.select("dd")] == ["not known", "0"]


def test_return_code_reads_as_words_with_single_spaces() -> None:
    code = made("{% return_code code %}", code="candle-orbit velvet").select_one("#return-code")
    assert code is not None
    assert code.get_text().split(" ")[:3] == ["candle", "orbit", "velvet"]
    assert code["translate"] == "no"


def test_buttons_that_need_javascript_are_hidden_until_it_runs() -> None:
    shown = made("{% return_code 'a b' %}")
    assert all(button.has_attr("hidden") for button in shown.select("button"))


def test_table_keeps_its_meaning_as_a_list_of_cards() -> None:
    shown = made("{% table 'Team' columns rows %}", columns=["Name", "Role"], rows=[["Jo", "lead"]])
    assert [cell["data-label"] for cell in shown.select("tbody [data-label]")] == ["Name", "Role"]
    assert [cell["role"] for cell in shown.select("tbody tr > *")] == ["rowheader", "cell"]


def test_row_of_the_wrong_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        made("{% table 'Team' columns rows %}", columns=["Name"], rows=[["Jo", "lead"]])
