"""Accompaniment, with `kill -9` of the worker: nobody is forgotten, each is asked about once."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.faults.paging import OwnDatabase, Worker
from tests.waiting import PATIENCE
from upstander.base.moment import database_now
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.models import Acknowledgement, Alert
from upstander.helplines.models import Accompaniment
from upstander.helplines.sweeps import sweep_accompaniments
from upstander.helplines.tests.setup import agency, asked, client_of, row
from upstander.people.scope import System

pytestmark = [pytest.mark.servers, pytest.mark.slow]

#: A worker that is killed at one point of its work, before anything of it is committed.
_DYING = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "upstander.config.settings"
import django
django.setup()
from upstander.helplines import sweeps
def then_die(work):
    def both(*args, **kwargs):
        work(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    return both
setattr(sweeps, {point!r}, then_die(getattr(sweeps, {point!r})))
while True:
    sweeps.sweep_accompaniments()
"""


@pytest.mark.parametrize(
    "point", ["take", "offer", "ring", "keep_due", "_follow", "sweep_accompaniments"]
)
def test_going_along_is_followed_though_the_worker_dies(
    own_database: OwnDatabase, start_worker: Callable[..., Worker], point: str
) -> None:
    """One has a yes by text, one is to be asked about now, and of one no word of arriving came."""
    here = agency(own_database.cast)
    client = client_of(here)
    yes, planned, silent = (asked(here, client) for _ in range(3))
    alert = Alert.objects.get(subject_id=yes)
    have_it, joss = Acknowledgement.Answer.HAVE_IT, here.id_of("joss")
    answer_alert(alert, joss, have_it, actor=System(), via="sms", now=alert.opened_at)
    before = Alert.objects.filter(subject_id__in=(planned, silent))
    before.update(state=Alert.State.ENDED)
    ago = database_now() - timedelta(minutes=1)
    Accompaniment.objects.filter(pk=planned).update(state="planned", alert_id=None, due_at=ago)
    Accompaniment.objects.filter(pk=silent).update(
        state="accepted", alert_id=None, due_at=ago, held_by=joss, accepted_at=ago
    )
    dying = start_worker(_DYING.format(point=point))
    assert dying.wait(PATIENCE) == -signal.SIGKILL
    for _ in range(2):
        sweep_accompaniments()
    assert [row(one).state for one in (yes, planned, silent)] == ["accepted", "waiting", "accepted"]
    assert row(yes).held_by == joss
    running = Alert.objects.filter(state=Alert.State.OPEN).values_list("subject_id", flat=True)
    assert sorted(running) == sorted([planned, silent]), "each is asked about once"
