"""Wrong words tried with a link while others are under way: ten are looked at, and no more.

Each try is made from within the one before, as if all of them waited for the same turn.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest

from conftest import Cast
from upstander.helplines.actions import intakes, partners
from upstander.helplines.legal_models import Intake
from upstander.helplines.models import Partner
from upstander.helplines.tests import test_intakes, test_partners
from upstander.helplines.tests.setup import agency, client_of, legal_office
from upstander.people.links import MOST_MISSES, LinkOver
from upstander.referrals import agency as referred
from upstander.referrals.models import Referral
from upstander.referrals.tests import setup as referrals
from upstander.vault.errors import InvitationBroken

pytestmark = pytest.mark.django_db
WRONG = "abandon ability able about"
type Tried = Callable[[str], object]


def referral(cast: Cast) -> tuple[ModuleType, Tried, str]:
    """Return what opens a referral, a try with its link, and its words."""
    made = referrals.told(cast, referrals.contact(cast))
    link = referrals.link()
    return referred, lambda words: referred.read(link, referred.referred(link), words), made.words


def partner(cast: Cast) -> tuple[ModuleType, Tried, str]:
    """The same of what a partner is told."""
    path, words = test_partners.told(cast, test_partners.gone_along(cast))
    link = path.removeprefix("/n/")
    return partners, lambda said: partners.read(link, *partners.opened_by(link), said), words


def intake(cast: Cast) -> tuple[ModuleType, Tried, str]:
    """The same of an intake."""
    here = agency(cast)
    legal_office(cast)
    link, words = test_intakes.sent(here, client_of(here))
    return intakes, lambda said: intakes.names(cast.viewer("nell"), link, said), words


@pytest.mark.parametrize("made", [referral, partner, intake])
def test_words_tried_at_once_are_ten_at_most(
    cast: Cast, made: Callable[[Cast], tuple[ModuleType, Tried, str]], monkeypatch: Any
) -> None:
    opens, tried, words = made(cast)
    looked, unwrap = [], opens.unwrap
    assert tried(words)

    def while_another_comes(*given: Any, **named: Any) -> bytes:
        looked.append(1)
        if len(looked) < 2 * MOST_MISSES:
            with suppress(LinkOver, InvitationBroken):
                tried(WRONG)
        return unwrap(*given, **named)  # type: ignore[no-any-return]

    monkeypatch.setattr(opens, "unwrap", while_another_comes)
    with pytest.raises(InvitationBroken):
        tried(WRONG)
    assert len(looked) == MOST_MISSES
    monkeypatch.undo()
    with pytest.raises(LinkOver):
        tried(words)


@pytest.mark.parametrize(
    ("made", "rows"), [(referral, Referral), (partner, Partner), (intake, Intake)]
)
def test_right_words_cost_no_try(
    cast: Cast, made: Callable[[Cast], tuple[ModuleType, Tried, str]], rows: Any
) -> None:
    _, tried, words = made(cast)
    for _ in range(MOST_MISSES + 1):
        assert tried(words)
    assert rows.objects.get().misses == 0
