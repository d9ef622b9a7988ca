"""`upstander languages`: what it prints, what it refuses, what it keeps."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest

from conftest import Cast
from upstander.audit.models import Entry
from upstander.command import languages
from upstander.command.errors import PlainError
from upstander.config.home import Home

DAY = date(2026, 12, 1)


def test_each_language_is_told_with_who_signed(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(languages, "running_system", lambda _: nullcontext())
    home = Home(tmp_path)
    languages.languages(home, code=None, signer=None, name=None, day=None)
    assert capsys.readouterr().out.count("signed by nobody") == 12
    languages.languages(home, code="ht", signer="reader", name="Jak Pol, teacher", day=DAY)
    told = capsys.readouterr().out
    assert "reader: Jak Pol, teacher, 2026-12-01" in told
    assert told.count("signed by nobody") == 11
    entry = Entry.objects.filter(action="language signed").latest("pk")
    assert (entry.subject_id, entry.detail["as"]) == ("ht", "reader")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": "xx"}, "no language 'xx'"),
        ({"code": "ht"}, "say who"),
        ({"code": "ht", "signer": "reader", "name": " ", "day": DAY}, "say who"),
        ({"code": "ht", "signer": "reader", "name": "Jak"}, "say who"),
        ({"name": "Jak"}, "no language ''"),
    ],
)
def test_half_a_signature_is_refused(tmp_path: Path, given: dict[str, object], said: str) -> None:
    whole = {"code": None, "signer": None, "name": None, "day": None} | given
    with pytest.raises(PlainError, match=said):
        languages.languages(Home(tmp_path), **whole)  # type: ignore[arg-type]
    assert not (tmp_path / "languages").exists()
