"""What other languages must never do to a line: make one person many, lose a number's key, mix
directions, or say a law twice in two ways."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib

from upstander.administration.posters import TEXTS
from upstander.base.languages import ENGLISH, KNOWN, LANGUAGES
from upstander.cases.guides import plan
from upstander.intake.taxonomy import QUESTIONS, TILES
from upstander.rulefiles.translations import texts_of
from upstander.triage.protocol import REPLIES, Group

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "upstander/states/us_ct/services.json"

#: English has one word for a person whom one doesn't know and for a crowd.
ONE_OR_MANY = re.compile(r"\b(they|them|their|themselves)\b", re.IGNORECASE)
#: Where several people are really meant.
MANY = (
    "About how old is each of them?",
    "Advocates keep what you say private",
    "Keep your seven words",
    "Some people who go through this",
)
#: Spanish words that end like a verb of many, and are none.
NO_VERBS = {
    *("alguien", "algún", "bien", "con", "en", "ningún", "quien", "quién", "razón", "salón"),
    *("también", "un"),
}
#: Arabic words that end like a plural, and are none.
NO_PLURALS = {"أين", "وأين", "بين", "حين", "سكين", "لون"}


def catalog(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES/django.po"))


def in_each(**said: Any) -> dict[str, Any]:
    """Return what a check knows of each language besides English: a new one fails until it does."""
    assert set(said) == set(LANGUAGES) - {ENGLISH.code}
    return said


def about_one_person(language: str) -> Iterator[tuple[str, str]]:
    """What is said of somebody in danger whom English calls "they": the English, the other."""
    for reply in REPLIES:
        english = reply.text("en")
        if ONE_OR_MANY.search(english) and not english.startswith(MANY):
            yield english, reply.text(language)
    for question in QUESTIONS:
        if ONE_OR_MANY.search(question.text("en")):
            yield question.text("en"), question.text(language)


def many_in_spanish(text: str) -> list[str]:
    """The words that make many of one: verbs of the third person plural, and their pronouns."""
    words = re.findall(r"\w+", text.lower())
    return [
        word
        for word in words
        if word in ("ellos", "ellas", "les")
        or word.endswith(("rlos", "rlas"))
        or (re.search(r"[aeoáéó]n$", word) and not word.endswith("ión") and word not in NO_VERBS)
    ]


def many_in_arabic(text: str) -> list[str]:
    """The words that make many of one: verbs and nouns in the plural, "their" and "them"."""
    bare = re.sub("[\u064b-\u0652\u2066-\u2069]", "", text)
    words = re.findall("[\u0621-\u064a]+", bare)
    return [w for w in words if re.search("(ون|وا|ين|هم)$", w) and w not in NO_PLURALS]


def test_one_person_stays_one_person() -> None:
    for language, many_in in in_each(es=many_in_spanish, ar=many_in_arabic).items():
        lines = list(about_one_person(language))
        assert len(lines) >= 28
        assert {en: many_in(said) for en, said in lines if many_in(said)} == {}


def test_the_check_finds_the_crowd_that_stood_there() -> None:
    assert many_in_spanish("¿Están despiertos? ¿Respiran bien?") == ["están", "respiran"]
    assert many_in_spanish("Llama al 911 ahora y quédate con ellos.") == ["ellos"]
    assert many_in_spanish("¿Quién suele poder calmarlos?") == ["calmarlos"]
    assert many_in_arabic("هل هم مستيقظون؟") == ["هم", "مستيقظون"]
    assert many_in_arabic("هل قالوا إنهم يريدون الموت؟") == ["قالوا", "إنهم", "يريدون"]
    assert many_in_arabic("اتصل بالرقم 911 الآن وابقَ معهم.") == ["معهم"]


def said_in(language: str) -> Iterator[tuple[str, str]]:
    """Every text for reporters and students with its place, tags and addresses taken out."""
    yield from _in_catalogs(language)
    yield from _in_tables(language)
    for service in json.loads(SERVICES.read_text("utf-8")):
        for key, text in service["texts"][language].items():
            yield f"{service['slug']} {key}", text


def _in_catalogs(language: str) -> Iterator[tuple[str, str]]:
    for entry in catalog(language):
        if "supervisor" not in entry.msgid:  # staff, who read English
            for text in (entry.msgstr, *entry.msgstr_plural.values()):
                yield entry.msgid, re.sub(r"<[^>]+>|%\(\w+\)[sd]", "", text)


def _in_tables(language: str) -> Iterator[tuple[str, str]]:
    for question in QUESTIONS:
        yield question.key, question.text(language)
        yield f"{question.key}, me", question.text(language, me=True)
        yield f"{question.key}, hint", question.hint(language)
        for option in question.options:
            yield f"{question.key}, {option}", question.option_text(option, language)
    for tile in TILES:
        yield tile.key, tile.text(language)
    for reply in REPLIES:
        yield f"{reply.group} {reply.stage} {reply.key}", reply.text(language)
    for key, words in TEXTS[language].items():
        yield f"poster {key}", re.sub(r"\{\w+\}", "", words)
    for one in plan.plan_texts().values():
        yield f"plan {one.key}", one.texts[language]


ISOLATED = re.compile("\u2066[^\u2069]*\u2069")


def test_latin_letters_among_arabic_ones_are_isolated() -> None:
    loose = {
        where: text
        for where, text in said_in("ar")
        if re.search("[\u0600-\u06ff]", text) and re.search("[A-Za-z]", ISOLATED.sub("", text))
    }
    assert loose == {}


def test_who_calls_911_or_988_is_told_what_to_say_or_press() -> None:
    """A Spanish or Arabic child meets an English voice: the key or the word stands beside it."""
    rules = in_each(
        es=[
            (r"\b(llama|llamo|llame) (ahora )?al 911", r"al 911( ahora)? y (di|digo) “español”"),
            (r"\b(llama|llamo|llame) al 988", r"al 988 y oprim[eo] 2"),
        ],
        ar=[
            ("(اتصل|أتصل|الاتصال) بالرقم 911", "911( الآن)? (وقل|وأقول): \u2066Arabic\u2069"),
            ("(اتصل|أتصل|الاتصال) بالرقم 988", "988 (وقل|وأقول): \u2066Arabic\u2069"),
        ],
    )
    for language, wanted in rules.items():
        for called, told in wanted:
            lines = [t for _, t in said_in(language) if re.search(called, t, re.IGNORECASE)]
            assert len(lines) > 4, called
            for line in lines:
                calls = len(re.findall(called, line, re.IGNORECASE))
                assert len(re.findall(told, line, re.IGNORECASE)) >= calls, line


def test_drafts_name_only_what_988_offers() -> None:
    """988 is texted in English: whoever reads another language calls, and says which it is."""
    for language in (one for one in KNOWN.values() if one.draft):
        spoken = "Mandarin" if language.script == "CJK" else language.english.split(" (")[0]
        lines = [(one.msgid, one.msgstr) for one in catalog(language.folder.name)]
        lines += [(row.en, row.text) for row in texts_of(language.code).values()]
        offered = re.compile(r"(?i)call(</a>)? or (<a [^>]*>)?text [^.]*988")
        texted = [text for english, text in lines if offered.search(english)]
        assert len(texted) == 7, language.code
        for text in texted:
            assert spoken in text.split("911")[-1], text


def test_whoever_cant_talk_is_told_to_write_where_they_are() -> None:
    for language, where in in_each(es="dónde estás", ar="أين أنت|مكانك").items():
        lines = [e for e in catalog(language) if "Can’t talk?" in e.msgid]
        assert len(lines) == 3
        for entry in lines:
            assert re.search(where, entry.msgstr), entry.msgstr
    for language, where in in_each(es="dónde estás", ar="أين أنت").items():
        assert re.search(where, TEXTS[language]["danger_call"])


def test_the_law_is_said_in_one_way() -> None:
    """The page, the form and the counselor say the same sentence."""
    (reply,) = (p for p in REPLIES if (p.group, p.stage, p.key) == (Group.GENERAL, "next", "3"))
    for language in set(LANGUAGES) - {ENGLISH.code}:
        (entry,) = (e for e in catalog(language) if "keep that secret" in e.msgid)
        assert entry.msgstr == reply.text(language)
        assert entry.msgid.replace("’", "'") == reply.text("en")
    children = {"en": r"\bchild", **in_each(es=r"\bniñ", ar="طفل")}
    for language, child in children.items():
        for prompt in REPLIES:
            if re.search(r"report|the state", prompt.text("en")):
                assert not re.search(child, prompt.text(language)), prompt


def test_arabic_speaks_to_girls_and_boys() -> None:
    """Verbs that a girl reads as said to a boy: none but in the short orders of a danger."""
    to_a_boy = re.compile(
        "\\b(تستطيع|تريد|تعرف|تكتب|تخاف|تحتاج|تشعر|تفكر|مضطرًا|متأكدًا|حاول|ارجع|اضغط|انتظر|تحقق)\\b"
    )
    short = re.compile("911|988")
    found = {
        where: text
        for where, text in said_in("ar")
        if to_a_boy.search(text) and not short.search(text) and "لا تستطيع الكلام؟" not in text
    }
    assert found == {}


def test_the_tables_are_in_one_form() -> None:
    """No text of a table for reporters stands in one language only."""
    for language in set(LANGUAGES) - {ENGLISH.code}:
        assert len(rows := texts_of(language)) > 300
        assert [place for place, row in rows.items() if not row.text] == []


def test_no_word_comes_back_that_harmed() -> None:
    harmed = in_each(
        es=["antes de mañana", "Solo en inglés", "fotos desnudas", "foto desnuda", "Me alegra"],
        ar=["مستشار", "مركز الأزمات", "شريك", "وضع الهجرة", "يسعدني", "فعل ذلك قريب"],
    )
    for language, words in harmed.items():
        for where, text in said_in(language):
            assert not [word for word in words if word in text], where
