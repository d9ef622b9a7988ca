"""The tree that docs/architecture.md draws is the one that stands, in the order of its layers."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/architecture.md").read_text("utf-8")
DRAWN = re.findall(r"^  (\w+)/ +\S", TEXT, re.MULTILINE)


def _layers() -> list[set[str]]:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = data["tool"]["importlinter"]["contracts"]
    layers = next(one for one in contracts if one["id"] == "layers")["layers"]
    return [set(re.findall(r"\w+", layer)) for layer in layers]


def _rooms() -> set[str]:
    return {path.parent.name for path in ROOT.glob("upstander/*/__init__.py")}


def test_each_room_is_drawn_once() -> None:
    assert sorted(DRAWN) == sorted(_rooms())


def test_the_drawing_has_the_order_of_the_layers() -> None:
    place = {room: number for number, layer in enumerate(_layers()) for room in layer}
    assert [place[room] for room in DRAWN] == sorted(place[room] for room in DRAWN)


def test_each_room_says_what_it_is() -> None:
    told = {path.parent.name for path in ROOT.glob("upstander/*/README.md")}
    assert not _rooms() - told
