"""Fixtures of the tests of texts: a line of north's, two students' phones."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Cast
from tests.phones import Phones, phones
from upstander.carriers.tests.lines import Site, entry, site, write_providers
from upstander.doors.texts import numbers
from upstander.doors.texts.tests.lines import LINE, OTHER_LINE, Door
from upstander.escalations.tests.alerts import clock

__all__ = ["clock", "phones", "site"]


@pytest.fixture
def door(
    phones: Phones, site: Site, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Door:
    """Two providers with a line each, as the file has them, and the public site behind them."""
    numbers.forget()
    write_providers(tmp_path, monkeypatch, entry(phones, "north", 1), entry(phones, "south", 2))
    with (tmp_path / "providers.toml").open("a") as file:
        for line, provider in ((LINE, "north"), (OTHER_LINE, "south")):
            file.write(f'[[line]]\nnumber = "{line}"\nprovider = "{provider}"\n')
            file.write('district = "maple-valley"\n' if provider == "north" else "")
            phones.provider(provider).account.lines[line] = ""
    return Door(cast, site, phones)
