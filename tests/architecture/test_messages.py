"""The program that finds the words to translate and keeps the catalogs (scripts/messages.py)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import polib
import pytest

from upstander.base.languages import KNOWN

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def messages() -> ModuleType:
    """The program that keeps the catalogs."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["messages"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_catalogs_hold_every_text_translated_and_compiled(messages: ModuleType) -> None:
    for held in (messages.SOURCES, messages.DESK):
        wanted = messages.words_of(held)
        assert wanted
        assert held.languages
        for language in held.languages:
            path = held.path(language)
            known = polib.pofile(str(path), wrapwidth=99)
            assert messages.problems(known, wanted, path.with_suffix(".mo"), language) == [], path
            assert held.desk or messages.row_problems(language) == [], language


def test_what_is_marked_in_any_app_can_be_collected(messages: ModuleType) -> None:
    for path in sorted((ROOT / "upstander").rglob("*")):
        if path.suffix in (".py", ".html") and "tests" not in path.parts:
            reader = messages.in_python if path.suffix == ".py" else messages.in_template
            assert list(reader(path.read_text("utf-8"))) is not None, path


def test_a_text_is_found_in_code_and_in_every_form_of_template_tag(messages: ModuleType) -> None:
    code = (
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        "a = _('One ' 'text')\nb = ngettext('%(n)d day', '%(n)d days', n)\n"
        "c = pgettext('day', 'Fr')\n"
        "for code, _unused in x: other('Not this')\n"
    )
    template = (
        '{% load i18n %}<a title="{% translate "Say \'it\'" %}">{% blocktranslate trimmed %}\n'
        "100% of {{ it }}\n{% endblocktranslate %}{% state _('Waiting') 'tone' %}</a> ('Not this')"
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        '{% translate "May" context "month" %}{# _("Not this") #}'
    )
    words = messages.Words
    assert set(messages.in_python(code)) == {
        words("One text"),
        words("%(n)d day", "%(n)d days"),
        words("Fr", context="day"),
    }
    assert set(messages.in_template(template)) == {
        words("Say 'it'"),
        words("100%% of %(it)s"),
        words("Waiting"),
        words("%(n)s day", "%(n)s days"),
        words("May", context="month"),
    }


def test_words_that_are_not_written_out_are_refused(messages: ModuleType) -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(messages.in_python("from django.utils.translation import gettext\ngettext(x)\n"))


def test_a_changed_text_is_unsure_until_somebody_has_looked(
    messages: ModuleType, tmp_path: Path
) -> None:
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Your words were kept.", msgstr="Tus palabras se guardaron."))
    old.append(polib.POEntry(msgid="Gone", msgstr="Fuera"))
    wanted = {messages.Words("Your words are kept."): ["a.py"], messages.Words("New"): ["a.py"]}
    spanish = KNOWN["es"]
    new = messages.updated(old, wanted, spanish)
    (tmp_path / "django.mo").write_bytes(new.to_binary())
    assert [entry.msgid for entry in new] == ["New", "Your words are kept."]
    assert messages.problems(new, wanted, tmp_path / "django.mo", spanish) == [
        "not translated: 'New'",
        "unsure (fuzzy): 'Your words are kept.'",
    ]
