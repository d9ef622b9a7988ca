"""A line that is wrong in the file is named by the doctor, not found out by a child."""

from __future__ import annotations

from pathlib import Path

import pytest

from upstander.command.doctor_lines import of_lines
from upstander.doors.texts.tests.lines import LINE, OTHER_LINE, Door

pytestmark = pytest.mark.django_db


def test_lines_that_are_right_need_nothing(door: Door) -> None:
    assert [one.mend for one in of_lines({"maple-valley"})] == ["", ""]


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('district = "maple-valley"', 'district = "mapel"', "no district mapel"),
        ('name = "north"', 'name = "north"\nchannels = ["voice"]', "north carries no texts"),
    ],
)
def test_what_is_wrong_with_a_line_is_named(
    door: Door, tmp_path: Path, right: str, wrong: str, says: str
) -> None:
    file = tmp_path / "providers.toml"
    text = file.read_text()
    assert right in text
    lines = [line for line in text.splitlines() if says[:5] != "north" or "channels" not in line]
    file.write_text("\n".join(lines).replace(right, wrong))
    found = {one.what: one for one in of_lines({"maple-valley"})}
    assert says in found[f"line {LINE}"].says
    assert found[f"line {LINE}"].mend
    assert not found[f"line {OTHER_LINE}"].mend


def test_a_line_alone_has_nobody_to_carry_on(door: Door, tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    text = file.read_text()
    file.write_text(text[: text.rindex("[[line]]")])
    [found] = of_lines({"maple-valley"})
    assert "another provider" in found.says
