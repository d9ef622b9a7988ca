"""What a kept draft says, and something else is written down since: nobody signs it unawares."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.mandated.actions import duties
from upstander.mandated.actions.granting import keep_out_later, suspect_also
from upstander.mandated.models import DutyEvent
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.mandated.written import actions
from upstander.mandated.written.forms import ReportForm
from upstander.mandated.written.models import Draft, Report

pytestmark = pytest.mark.django_db


def the_call() -> datetime:
    """Half a day ago, late in an hour: 44 minutes before it is the same hour, so the same day."""
    return (right_now() - timedelta(hours=12)).replace(minute=50, second=0)


def drafted(cast: Cast) -> UUID:
    """A draft that was kept after a call that was not accepted."""
    offices(cast)
    duty, tess = (
        suspect(cast, rule="employee", accused=(cast.people["tom"].pk,)),
        cast.viewer("tess"),
    )
    duties.report_first(
        tess, duty, way="careline", at=the_call(), words={"worker": "M. E."}, accepted=False
    )
    writing = actions.open_writing(tess, duty)
    actions.keep_draft(writing, {**writing.values, "nature": "Marks on both arms."})
    return duty


def correct(cast: Cast, duty: UUID) -> None:
    tess = cast.viewer("tess")
    duties.correct_first(tess, duty, at=the_call() - timedelta(minutes=44), words={})
    duties.add_event(tess, duty, DutyEvent.Kind.ANSWER, {}, accepted=True)


def changed(cast: Cast, duty: UUID) -> list[str]:
    return [one.line.key for one in actions.open_writing(cast.viewer("tess"), duty).changed]


def sent(cast: Cast, duty: UUID, **more: Any) -> dict[str, Any]:
    """Return what a browser sends of the page as it stands now."""
    writing = actions.open_writing(cast.viewer("tess"), duty)
    form = ReportForm(form=writing.form, values=writing.values, seen=writing.seen)
    return {name: found for name in form.fields if (found := form[name].value())} | more


def test_a_corrected_call_is_shown_and_signed_only_once_taken_over_or_left(cast: Cast) -> None:
    duty, client = drafted(cast), cast.client("tess")
    assert changed(cast, duty) == []
    at, old = f"/duties/{duty}/written", actions.open_writing(cast.viewer("tess"), duty).values
    correct(cast, duty)
    assert changed(cast, duty) == ["oral_at", "oral_accepted"]
    page = unescape(client.get(at).content.decode())
    assert "Changed since you saved it" in page
    assert old["oral_at"] in page
    refused = client.post(at, sent(cast, duty, typed="Tess", sign="yes"))
    assert refused.status_code == 422
    assert "Time of the oral or electronic report" in unescape(refused.content.decode())
    with pytest.raises(Refused, match="after this was filled in"):
        actions.sign_report(actions.open_writing(cast.viewer("tess"), duty), "Tess")
    assert not Report.objects.exists()
    # One press takes a line over, another keeps one's own; what else was typed is kept with it.
    client.post(at, sent(cast, duty, take="oral_at", f_earlier="None known."))
    assert changed(cast, duty) == ["oral_accepted"]
    values = actions.open_writing(cast.viewer("tess"), duty).values
    assert values["oral_at"] != old["oral_at"]
    assert values["earlier"] == "None known."
    client.post(at, sent(cast, duty, leave="oral_accepted"))
    assert changed(cast, duty) == []
    assert client.post(at, sent(cast, duty, typed="Tess", sign="yes")).status_code == 302
    assert Report.objects.count() == 1


def test_who_is_suspected_since_is_missing_and_said(cast: Cast) -> None:
    duty, tess = drafted(cast), cast.viewer("tess")
    keep_out_later(tess, duty, [cast.people["uma"].pk], "It is her too.", suspects=True)
    assert changed(cast, duty) == ["suspect_name"]
    suspect_also(tess, duty, "Rey Marlow", [])
    cast.client("tess").post(f"/duties/{duty}/written", sent(cast, duty, take="suspect_name"))
    values = actions.open_writing(tess, duty).values
    assert values["suspect_name"].split("; ") == ["Tom", "Uma", "Rey Marlow"]


@pytest.mark.parametrize("kept_before", [True, False])
def test_an_old_page_in_another_tab_settles_nothing(cast: Cast, kept_before: bool) -> None:
    duty, client = drafted(cast), cast.client("tess")
    if not kept_before:
        Draft.objects.all().delete()
    page = sent(cast, duty)
    correct(cast, duty)
    if kept_before:
        client.post(f"/duties/{duty}/written", sent(cast, duty, take=["oral_at", "oral_accepted"]))
        assert changed(cast, duty) == []
    client.post(f"/duties/{duty}/written", page)
    assert changed(cast, duty) == ["oral_at", "oral_accepted"]


def test_what_one_changed_oneself_asks_nothing(cast: Cast) -> None:
    duty, client = drafted(cast), cast.client("tess")
    client.post(f"/duties/{duty}/written", sent(cast, duty, f_worker="Ms. Reed"))
    assert changed(cast, duty) == []


def signed_page(cast: Cast, duty: UUID, who: str) -> str:
    page = unescape(cast.client(who).get(f"/duties/{duty}/written").content.decode())
    return page.split('id="signed"', 1)[1].split("</section>", 1)[0]


SAYS = "Differs from what is recorded for this report"


@pytest.mark.parametrize("who", ["tess", "cleo"])
def test_what_was_kept_on_purpose_is_said_where_it_is_signed(cast: Cast, who: str) -> None:
    duty, client = drafted(cast), cast.client("tess")
    at = f"/duties/{duty}/written"
    correct(cast, duty)
    client.post(at, sent(cast, duty, take="oral_at"))
    client.post(at, sent(cast, duty, leave="oral_accepted"))
    client.post(at, sent(cast, duty, typed="Tess", sign="yes"))
    says = signed_page(cast, duty, who)
    assert SAYS in says
    assert "Whether it was accepted" in says
    assert "Time of the oral or electronic report" not in says, "that one was taken over"


def test_what_was_typed_over_says_so_and_what_stands_as_it_was_says_nothing(cast: Cast) -> None:
    duty, client = drafted(cast), cast.client("tess")
    at = f"/duties/{duty}/written"
    client.post(at, sent(cast, duty, typed="Tess", sign="yes"))
    assert SAYS not in signed_page(cast, duty, "tess")
    client.post(at, sent(cast, duty, f_worker="Ms. Reed"))
    client.post(at, sent(cast, duty, typed="Tess", sign="yes"))
    says = signed_page(cast, duty, "tess")
    assert says.count(SAYS) == 1
    assert "Name of the Careline worker" in says
    assert "M. E." not in says, "it stands on the report's page, for whoever may read that"
