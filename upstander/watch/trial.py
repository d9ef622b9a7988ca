"""The synthetic life-safety tip: sent as a child sends one, paged and acknowledged as any other.

It goes to a place of its own (``place.py``), so that it needs no exception anywhere on its way and
still reaches no real person, no real queue and no figure.
"""

from __future__ import annotations

import html
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from upstander.base.moment import database_now, database_second
from upstander.carriers.models import ContactMethod
from upstander.escalations.actions.alerts import end_alerts
from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.people.models import Membership
from upstander.places.models import District
from upstander.watch.models import Probe, ProbePlace

#: Seconds that each stage may take. A policy pages the center after a minute that nobody claims.
PATIENCE: dict[str, float] = {
    "form": 10,
    "filed": 10,
    "queued": 5,
    "paged": 120,
    "acknowledged": 90,
}
#: How often is looked whether the next stage is reached, in seconds.
_LOOK = 0.2
#: Rows of synthetic tips go after so long; how each went is kept for so many days.
REMOVED_AFTER = timedelta(minutes=15)
KEPT = timedelta(days=30)
TEXT = "Self-test of the system, not a report. Nobody needs to do anything."
#: By the same rules as a child's answers these make it life safety.
ANSWERS = {"tile": "suicide", "when": "soon", "who": "someone"}

#: The styles and scripts that a page names.
_BESIDE = re.compile(rb'<(?:link rel="stylesheet" href|script src)="([^"]+)"')
_TOKEN = re.compile(rb'name="token" value="([^"]+)"')


class Stopped(Exception):
    """The synthetic tip got no further."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(stage, reason)
        self.stage = stage
        self.reason = reason


class Trial:
    """One synthetic tip on its way. ``sleep`` is replaced in tests."""

    def __init__(self, place: ProbePlace, sleep: Callable[[float], object] = time.sleep) -> None:
        self.place = place
        self.sleep = sleep
        self.began = time.monotonic()
        clear_up(place)
        self.probe = Probe.objects.create(began_at=database_second())

    def run(self) -> Probe:
        """Send it and follow it to its end; never raises but for the database being away."""
        probe = self.probe
        try:
            self._send()
            probe.tip_id = self._until("queued", PATIENCE["queued"], self._queued)
            probe.queued_ms = self._ms()
            if Membership.objects.filter(team_id=self.place.team_id).exists():
                self._page(probe.tip_id)
            else:
                probe.reason = "no test phone"
            probe.state = Probe.State.WELL
        except Stopped as stopped:
            probe.state = Probe.State.FAILED
            probe.failed_at, probe.reason = stopped.stage, stopped.reason
        probe.ended_at = database_second()
        probe.save()
        if probe.tip_id is not None:
            end_alerts(probe.tip_id)
        return probe

    def _send(self) -> None:
        """Open the public form and send it, over HTTP, as a browser does."""
        slug = District.objects.values_list("slug", flat=True).get(pk=self.place.district_id)
        url = f"{settings.PUBLIC_URL}/report"
        page = self._http("form", f"{url}?d={slug}")
        token = _TOKEN.search(page)
        if token is None or slug.encode() not in page:
            raise Stopped("form", "another page came")
        self.probe.form_ms = self._ms()
        # Without these the page is there and can't be read or used as it should.
        for path in dict.fromkeys(_BESIDE.findall(page)):
            self._http("form", urllib.parse.urljoin(url, html.unescape(path.decode())))
        fields = {"token": token[1].decode(), "district": slug, "text": TEXT, **ANSWERS}
        answer = self._http("filed", url, urllib.parse.urlencode(fields).encode())
        if b'id="return-code"' not in answer:
            raise Stopped("filed", "no return code")
        self.probe.filed_ms = self._ms()
        self.probe.save()

    def _http(self, stage: str, url: str, body: bytes | None = None) -> bytes:
        try:
            with urllib.request.urlopen(url, body, timeout=PATIENCE[stage]) as answer:  # noqa: S310
                read: bytes = answer.read()
                return read
        except urllib.error.HTTPError as error:
            raise Stopped(stage, f"answered {error.code}") from error
        except (OSError, ValueError) as error:
            raise Stopped(stage, type(error).__name__) from error

    def _queued(self) -> UUID | None:
        """Return the tip once it lies where its center's queue shows it."""
        alert = (
            Alert.objects.filter(district_id=self.place.district_id)
            .exclude(state=Alert.State.ENDED)
            .order_by("-opened_at")
            .first()
        )
        if alert is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT api.probe_on_queue(%s)", [alert.subject_id])
            [(lies_there,)] = cursor.fetchall()
        return alert.subject_id if lies_there else None

    def _page(self, tip_id: UUID) -> None:
        """Wait until somebody is paged, and until they have acknowledged."""
        probe = self.probe
        probe.save()
        page = self._until("paged", PATIENCE["paged"], lambda: _paged(tip_id))
        probe.paged_ms = self._ms()
        # The policy waits first for somebody to claim the tip: that wait is no delay of ours.
        waited = (page.due_at - page.alert.opened_at).total_seconds()
        probe.due_ms = min(probe.paged_ms, (probe.filed_ms or 0) + round(waited * 1000))
        probe.save()
        self._until("acknowledged", PATIENCE["acknowledged"], lambda: _acknowledged(tip_id))
        probe.acknowledged_ms = self._ms()

    def _until[T](self, stage: str, patience: float, reached: Callable[[], T | None]) -> T:
        deadline = time.monotonic() + patience
        while True:
            found = reached()
            if found:
                return found
            if time.monotonic() > deadline:
                raise Stopped(stage, "too slow")
            self.sleep(_LOOK)

    def _ms(self) -> int:
        return round((time.monotonic() - self.began) * 1000)


def _paged(tip_id: UUID) -> Page | None:
    """Return the first page that a provider took."""
    sent = Page.objects.select_related("alert").filter(
        alert__subject_id=tip_id, state=Page.State.SENT
    )
    return sent.order_by("sent_at").first()


def _acknowledged(tip_id: UUID) -> bool:
    return Acknowledgement.objects.filter(
        alert__subject_id=tip_id, answer=Acknowledgement.Answer.HAVE_IT
    ).exists()


def clear_up(place: ProbePlace) -> int:
    """End what an interrupted trial left, and remove the rows of old ones; how many tips went."""
    Probe.objects.filter(state=Probe.State.RUNNING).delete()
    left = Alert.objects.filter(district_id=place.district_id).exclude(state=Alert.State.ENDED)
    for subject in set(left.values_list("subject_id", flat=True)):
        end_alerts(subject)
    Probe.objects.filter(began_at__lt=database_now() - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.remove_probes(make_interval(secs => %s))", [REMOVED_AFTER.total_seconds()]
        )
        [(removed,)] = cursor.fetchall()
    return int(removed)


def teach_demo_phone(place: ProbePlace, simulator: str) -> None:
    """Let the demo's simulated phone answer "1" to each text. Raises OSError if none runs."""
    method = ContactMethod.objects.filter(person_id=place.person_id, kind="sms").first()
    if method is None:
        return
    wanted = {
        "name": "Self-test",
        "about": "answers the system's test tips by itself",
        "behaviour": {"reply": "1", "after": 1.0},
    }
    request = urllib.request.Request(  # noqa: S310 - this machine's own simulator
        f"{simulator}/control/phones/{urllib.parse.quote(method.address)}",
        json.dumps(wanted).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310
