"""A line that can't take calls is named by the doctor, and not found out by a child."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from upstander.command.doctor_lines import of_lines
from upstander.doors.calls import carrying
from upstander.doors.calls.tests.lines import LINE, OWN_PHONE, CallDoor
from upstander.doors.texts.shown import line_of
from upstander.escalations.tests.alerts import Clock
from upstander.plug import waits

pytestmark = pytest.mark.django_db


def said(districts: frozenset[str] = frozenset({"maple-valley"})) -> str:
    """Return what the doctor says of the line."""
    return next(one.says for one in of_lines(districts) if one.what == f"line {LINE}")


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        (f'fallback = "{OWN_PHONE}"\n', "", "waits without end"),
        (f'fallback = "{OWN_PHONE}"\n', f'fallback = "{LINE}"\n', "itself"),
        ('name = "north"', 'name = "north"\nchannels = ["sms"]', "connects no calls"),
        ("interpreter.keys", "none.keys", "can't be used"),
    ],
)
def test_what_is_wrong_with_a_line_for_calls_is_named(
    door: CallDoor, tmp_path: Path, right: str, wrong: str, says: str
) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(file.read_text().replace(right, wrong))
    assert says in said()


def test_keys_for_interpreters_are_keys(door: CallDoor, tmp_path: Path) -> None:
    assert "another provider" in said(), "all else is right"
    (tmp_path / "interpreter.keys").write_text("1234; say hello")
    assert "keys of a phone only" in said()


def test_the_page_offers_calls_where_the_line_takes_them(door: CallDoor) -> None:
    shown = line_of("maple-valley")
    assert shown is not None
    assert (shown.number, shown.calls) == (LINE, True)
    page = door.site.get(reverse("safety", args=["maple-valley"])).content.decode()
    assert f'href="tel:{LINE}"' in page
    assert f'href="sms:{LINE}"' in page
    assert "not recorded" in page


def test_who_waits_longer_than_until_the_last_phone_is_trouble(
    door: CallDoor, clock: Clock
) -> None:
    door.ring()

    def waiting() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({waits()['callers']}) w")
            [(count,)] = cursor.fetchall()
        return int(count)

    clock.move(190)
    assert waiting() == 0
    clock.move(20)
    assert waiting() == 1


def test_a_provider_that_is_gone_from_the_file_leaves_no_worker_in_a_loop(
    door: CallDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.cast.client("alice")
    door.ring()
    monkeypatch.setattr(carrying, "switch_named", lambda _name: None)
    door.work()
    assert {leg.how for leg in door.ears()} == {"failed"}
