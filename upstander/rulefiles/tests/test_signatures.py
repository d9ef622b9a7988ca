"""Who may be shown a language: those for whom three people agreed to its texts as they stand."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from upstander.base import languages
from upstander.base.languages import ALWAYS, BY_CODE, KNOWN
from upstander.rulefiles import RuleFileWrong, signatures
from upstander.rulefiles.signatures import SIGNERS, sign, signed, states

DAY = date(2026, 12, 1)
NAMES = dict(zip(SIGNERS, ("Ana Reis", "Rui Melo", "Dr. Lia Sá"), strict=True))


def sign_all(folder: Path, code: str = "pt-br") -> None:
    for signer, name in NAMES.items():
        sign(folder, code, signer, name, DAY)


def test_three_signatures_offer_a_language(tmp_path: Path) -> None:
    for signer, name in NAMES.items():
        assert signed(tmp_path) == frozenset()
        sign(tmp_path, "pt-br", signer, name, DAY)
    assert signed(tmp_path) == {"pt-br"}
    (state,) = (one for one in states(tmp_path) if one.language.code == "pt-br")
    assert state.reviewed
    assert state.done == state.whole > 700


def test_one_person_signs_one_part(tmp_path: Path) -> None:
    for signer in SIGNERS:
        sign(tmp_path, "pt-br", signer, "Ana Reis", DAY)
    assert signed(tmp_path) == frozenset()


def test_a_changed_text_ends_all_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_all(tmp_path)
    monkeypatch.setattr(signatures, "texts_digest", lambda code: f"other {code}")
    assert signed(tmp_path) == frozenset()
    (state,) = (one for one in states(tmp_path) if one.language.code == "pt-br")
    assert (set(state.stale), state.reviewed) == (set(SIGNERS), False)
    sign(tmp_path, "pt-br", "reader", "Rui Melo", DAY)
    assert signed(tmp_path) == frozenset()


@pytest.mark.parametrize("content", ["", "[]", '{"translator": 1}', '{"priest": {}}', "\0"])
def test_a_broken_file_signs_nothing(tmp_path: Path, content: str) -> None:
    sign_all(tmp_path)
    (tmp_path / "fr.json").write_text(content)
    assert signed(tmp_path) == {"pt-br"}
    with pytest.raises(RuleFileWrong):
        states(tmp_path)


def test_a_signature_of_another_language_is_none_of_this(tmp_path: Path) -> None:
    sign_all(tmp_path)
    (tmp_path / "pt-br.json").rename(tmp_path / "fr.json")
    assert signed(tmp_path) == frozenset()


def test_the_repository_ships_no_signature() -> None:
    root = languages.LOCALE.parent
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    names = {f"{code}.json" for code in KNOWN}
    assert [f for f in listed.stdout.decode().split("\0") if Path(f).name in names] == []


def test_without_signatures_three_languages_are_offered() -> None:
    assert tuple(BY_CODE) == ALWAYS == ("en", "es", "ar")


def test_a_demo_offers_drafts_as_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "BY_CODE", {code: KNOWN[code] for code in ALWAYS})
    monkeypatch.setattr(languages, "WRITTEN", {code: KNOWN[code] for code in ALWAYS})
    monkeypatch.setattr(languages, "LANGUAGES", ALWAYS)
    languages.offer({"fr"}, drafts=False)
    assert (*ALWAYS, "fr") == languages.LANGUAGES
    assert not languages.BY_CODE["fr"].draft
    languages.offer({"fr"}, drafts=True)
    assert set(languages.LANGUAGES) == set(KNOWN)
    assert [one.code for one in languages.BY_CODE.values() if one.draft] == [
        code for code, one in KNOWN.items() if one.draft and code != "fr"
    ]
