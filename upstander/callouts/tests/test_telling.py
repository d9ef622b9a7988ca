"""The family's link by text: once somebody goes, where they said yes, and kept no longer."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.callouts import telling
from upstander.callouts.actions import callouts as actions
from upstander.callouts.sweeps import sweep_families
from upstander.callouts.tests.setup import asked, mobile, row, step
from upstander.carriers.sending import Outcome
from upstander.escalations.tests.alerts import Carrier, as_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """Take what is carried."""
    made = Carrier()
    monkeypatch.setattr(telling, "deliver", made.deliver)
    return made


def linked(cast: Cast, one: UUID, phone: str = "860-555-0134") -> str:
    """Make the family's link, to be texted to a number on the sheet."""
    opened = actions.open_callout(cast.viewer("lou"), one)
    opened.words["phone"] = phone  # type: ignore[index]
    return actions.make_link(opened, text=True)


def sweep() -> int:
    with as_worker():
        return sweep_families()


def test_family_is_texted_once_somebody_goes(cast: Cast, texts: Carrier) -> None:
    here = mobile(cast)
    one = asked(here, language="es")
    link = linked(cast, one)
    assert sweep() == 0, "nobody goes yet"
    step(here, "lou", one, "go")
    actions.accept(cast.viewer("mia"), one)
    assert sweep() == 1
    (said,) = texts.outgoing
    assert said.link_path == f"/c/{link}"
    assert "Crisis móvil" in said.short, "in the family's language"
    assert row(one).to_tell is None
    assert sweep() == 0, "once"


def test_text_that_nobody_took_is_not_kept(cast: Cast, texts: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    linked(cast, one)
    step(here, "lou", one, "go")
    actions.accept(cast.viewer("mia"), one)
    texts.says = lambda _method: Outcome("failed", "away", False, None)
    assert sweep() == 0
    assert row(one).to_tell is None


def test_ended_visit_texts_nobody(cast: Cast, texts: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    linked(cast, one)
    step(here, "lou", one, "ended", code="refused")
    assert row(one).to_tell is None
    assert sweep() == 0


def test_number_without_texts_makes_no_link(cast: Cast, texts: Carrier) -> None:
    one = asked(mobile(cast))
    with pytest.raises(Refused):
        linked(cast, one, phone="grandmother's")
    assert row(one).link_hash is None
