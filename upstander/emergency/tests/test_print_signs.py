"""The sheet for 911 is printed whatever signs it holds."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.desk.tests.tips import a_life_safety_tip


@pytest.mark.parametrize("sign", ["🙏", "日本", "\u202e", "𝒽", "\ue000", "\x01", "\x90", "\u061d"])
def test_a_sign_that_no_font_has_keeps_no_paper_back(cast: Cast, sign: str) -> None:
    tip = a_life_safety_tip(cast).tip_id
    client = cast.client("alice")
    client.get(f"/tips/{tip}")
    client.post(f"/tips/{tip}/911/sheet", {"street": f"9 Elm Street {sign}", "what": sign})
    answer = client.get(f"/tips/{tip}/911.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
