"""Whoever texts WEB asks for the way to the website: the desk says so, until it was sent."""

from __future__ import annotations

import pytest

from upstander.doors.texts.tests.lines import Door, at_desk

pytestmark = pytest.mark.django_db

ASKED = "They texted WEB"


def test_word_web_marks_the_way_over(door: Door) -> None:
    door.text("Somebody took my bag.")
    with at_desk():
        client, at = door.cast.client("alice"), f"/tips/{door.tip().pk}"
        assert ASKED not in client.get(at).content.decode()
    door.text("Web")
    with at_desk():
        assert ASKED in client.get(at).content.decode()
        client.post(f"{at}/bridge")
        assert ASKED not in client.get(at).content.decode()
