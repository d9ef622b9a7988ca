"""Of what is closed nobody asks a reporter for answers that would help to act faster."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.decisions.actions import close_tip
from upstander.doors.tests.site import Site, text_of
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.django_db

ASKS = "A few more answers help us act faster"


@pytest.mark.parametrize("prefix", ["", "/es", "/ar"])
def test_a_closed_tip_asks_nothing_until_its_reporter_writes_again(
    site: Site, cast: Cast, prefix: str
) -> None:
    site.send("/r/cedar", tile="bullying", who="someone", when="now")
    assert ASKS in text_of(site.get("/talk"))
    assert 'id="more"' in text_of(site.get(f"{prefix}/talk"))
    tip = Tip.objects.get()
    claim_tip(cast.viewer("alice"), tip.pk)
    close_tip(open_tip(cast.viewer("alice"), tip.pk), "unfounded", "A song.")
    page = text_of(site.get(f"{prefix}/talk"))
    assert 'id="more"' not in page
    assert 'name="text"' in page
    assert "sms:911" in page
    # What somebody had typed into the page as it was is not lost by a change of language.
    kept = site.post(f"{prefix}/talk/message", {"language": "es", "place": "The gym"})
    assert 'value="The gym"' in text_of(kept) or ">The gym<" in text_of(kept)
    site.post("/talk/message", {"text": "It goes on.", "once": "1"})
    assert 'id="more"' in text_of(site.get(f"{prefix}/talk"))
