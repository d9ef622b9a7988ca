"""Tips for the desk's tests: filed as a reporter files them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conftest import Cast
from upstander.places.models import School
from upstander.tips import reporter

#: What a reporter writes in these tests; found nowhere but behind a key.
WORDS = "She gave her headphones away and said goodbye to everybody."


def a_tip(
    cast: Cast,
    *,
    text: str = WORDS,
    tile: str = "suicide",
    answers: Mapping[str, str] | None = None,
    school: School | None = None,
    **more: Any,
) -> reporter.Filed:
    """File a tip at Cedar (urgent by its tile) unless said otherwise."""
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=text,
            language=more.pop("language", "en"),
            tile=tile,
            answers={"who": "someone"} if answers is None else answers,
            school_id=(school or cast.cedar).pk,
            **more,
        )
    )


def a_life_safety_tip(cast: Cast, **more: Any) -> reporter.Filed:
    """File a tip whose answers make it life safety."""
    return a_tip(cast, answers={"who": "someone", "when": "now", "hurt_today": "yes"}, **more)
