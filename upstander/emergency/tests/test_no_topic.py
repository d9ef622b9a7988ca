"""Where a reporter picked no topic, nothing that is said to 911 or a school says that they did."""

from __future__ import annotations

from html import unescape

import pytest

from conftest import Cast
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("tile", [None, "", "no such topic"])
def test_no_topic_is_no_topic_everywhere(cast: Cast, tile: str | None) -> None:
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="I cannot sleep and my chest hurts.",
            language="en",
            tile=tile,
            school_id=cast.cedar.pk,
        )
    )
    alice, client = cast.viewer("alice"), cast.client("alice")
    claim_tip(alice, filed.tip_id)
    assert Tip.objects.get(pk=filed.tip_id).tile == ""
    for path in ("/queue/mine", *(f"/tips/{filed.tip_id}{at}" for at in ("", "/911", "/handoff"))):
        page = unescape(client.get(path).content.decode())
        assert "Building, bus, fire" not in page, path
    assert "No topic chosen" in unescape(client.get("/queue/mine").content.decode())
