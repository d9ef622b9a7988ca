"""A reporter's call and the phones that it rings, for tests: the provider is asked by nobody."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django.http import HttpResponse

from conftest import Cast
from upstander.carriers.contract import CarrierError, LegState
from upstander.carriers.tests.lines import BASE, TOKEN, Site, as_worker, call_in
from upstander.doors.call_models import Call, Leg
from upstander.doors.calls import sweeps
from upstander.doors.texts import sweeps as text_sweeps
from upstander.tips.models import Tip
from upstander.tips.opening import Contents, open_tip, read_contents

LINE, OTHER_LINE, OWN_PHONE = "+18605550170", "+18605550171", "+18605550190"
INTERPRETER = "+18605550191"
PHONE, SECOND = "+18605550123", "+18605550124"


@dataclass
class Told:
    """A switch that does nothing and knows what it was told."""

    name: str = "north"
    dialed: list[dict[str, str]] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    purged: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    #: What breaks: "dial", "move", "end", "ask", "purge".
    broken: set[str] = field(default_factory=set)
    #: No answer comes before as many are asked for.
    together: threading.Barrier | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def _may(self, what: str) -> None:
        if self.together is not None:
            self.together.wait()
        if what in self.broken:
            raise CarrierError("broken, as it was told to be")

    def dial(
        self,
        to: str,
        line: str,
        url: str,
        status_url: str,
        *,
        keys: str = "",
        ring: int = 25,
        whom: bool = False,
    ) -> str:
        """Ring somebody."""
        self._may("dial")
        with self.lock:
            sid = f"CA{uuid4().hex}"
            told = {"sid": sid, "to": to, "line": line, "url": url, "status": status_url}
            self.dialed.append({**told, "keys": keys, "whom": "yes" if whom else ""})
        return sid

    def move(self, leg: str, url: str) -> None:
        """Lead a leg on."""
        self._may("move")
        self.moved.append((leg, url))

    def end(self, leg: str) -> None:
        """Hang up."""
        self._may("end")
        self.ended.append(leg)

    def ask(self, leg: str) -> LegState:
        """Say how a leg stands."""
        self._may("ask")
        return LegState(talking=leg not in self.gone, over=leg in self.gone)

    def purge(self, leg: str) -> None:
        """Delete what is kept of a leg."""
        self._may("purge")
        self.purged.append(leg)

    def rung(self, to: str) -> list[dict[str, str]]:
        """Return how often a phone was rung."""
        return [one for one in self.dialed if one["to"] == to]


@dataclass(frozen=True)
class Answer:
    """A document that a leg was answered with."""

    status: int
    document: str

    @property
    def heard(self) -> str:
        """What is said in it."""
        return unescape(" ".join(re.findall(r"<Say[^>]*>(.*?)</Say>", self.document, re.DOTALL)))

    @property
    def action(self) -> str:
        """Where the leg goes on, as a path with its query."""
        found = re.search(r'action="([^"]+)"', self.document)
        return unescape(found[1]).removeprefix(BASE) if found else ""

    @property
    def room(self) -> str:
        """The name of the room that it is led into."""
        found = re.search(r"<Conference[^>]*>(.*?)</Conference>", self.document)
        return found[1] if found else ""

    @property
    def ends(self) -> bool:
        """Whether it is hung up on."""
        return "<Hangup" in self.document


@dataclass
class CallDoor:
    """All that a call passes through, without the network in between."""

    cast: Cast
    site: Site
    switch: Told

    def post(self, path: str, form: dict[str, str], *, token: str = TOKEN) -> Answer:
        """Hand something on as north does, signed."""
        response: HttpResponse = call_in(self.site, path, form, token=token)
        return Answer(response.status_code, response.content.decode())

    def form(self, sid: str, phone: str = PHONE, **more: str) -> dict[str, str]:
        """Return a form about a caller's leg."""
        return {
            "CallSid": sid,
            "AccountSid": "AC1",
            "From": phone,
            "To": LINE,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "FromCity": "HARTFORD",
            "FromZip": "06101",
            "CallerName": "A SECRET NAME",
            "CallToken": "a-secret-token",
            **more,
        }

    def ring(self, sid: str = "", phone: str = PHONE) -> tuple[str, Answer]:
        """Let a phone call the line; return the provider's id of the call, and what it hears."""
        sid = sid or f"CA{uuid4().hex}"
        return sid, self.post(
            "/carriers/north/door/call", self.form(sid, phone, CallStatus="ringing")
        )

    def press(self, sid: str, answer: Answer, keys: str = "", phone: str = PHONE) -> Answer:
        """Press keys (none: let the time pass) where a document asks for some."""
        return self.post(answer.action, self.form(sid, phone, Digits=keys))

    def on(self, sid: str, phone: str = PHONE) -> Answer:
        """Let a caller's leg ask what follows, as when it was led on."""
        return self.post("/carriers/north/door/call/on", self.form(sid, phone))

    def hang_up(self, sid: str, phone: str = PHONE) -> int:
        """Let the caller hang up."""
        form = self.form(sid, phone, CallStatus="completed")
        return self.post("/carriers/north/door/call/status", form).status

    def leg(self, rung: dict[str, str], keys: str = "", query: str = "") -> Answer:
        """Let a phone that was rung ask what it is to do, perhaps with a key."""
        form = {"CallSid": rung["sid"], "To": rung["to"], "CallStatus": "in-progress"}
        return self.post(
            rung["url"].removeprefix(BASE) + query, {**form, **({"Digits": keys} if keys else {})}
        )

    def leg_says(self, rung: dict[str, str], status: str) -> int:
        """Report on a phone that was rung."""
        form = {"CallSid": rung["sid"], "To": rung["to"], "CallStatus": status}
        return self.post(rung["status"].removeprefix(BASE), form).status

    def work(self) -> None:
        """Let the worker do what is due, as the worker."""
        with as_worker():
            while (
                sweeps.sweep_orders()
                + sweeps.sweep_rings()
                + sweeps.sweep_taken()
                + sweeps.sweep_silence()
            ):
                pass

    def clear(self) -> None:
        """Let the worker let go of what is over."""
        sweeps._cleared[0] = 0.0
        with as_worker():
            sweeps.sweep_past()

    def copies(self) -> None:
        """Let the worker have the provider delete what it keeps."""
        with as_worker():
            text_sweeps.sweep_copies()

    def call(self) -> Call:
        """Return the one call."""
        [call] = Call.objects.all()
        return call

    def call_back(self) -> Call:
        """Return the one call back that lasts."""
        return Call.objects.get(back=True, ended_at=None)

    def tips(self) -> list[Tip]:
        """Return the tips that came by phone, oldest first."""
        return list(Tip.objects.filter(channel="voice").order_by("received_at", "id"))

    def tip(self) -> Tip:
        """Return the one tip that came by phone."""
        [tip] = self.tips()
        return tip

    def contents(self, name: str = "alice") -> Contents:
        """Return all of that tip that somebody can read."""
        return read_contents(open_tip(self.cast.viewer(name), self.tip().pk))

    def ears(self) -> list[Leg]:
        """Return the phones of counselors that were rung, oldest first."""
        return list(Leg.objects.filter(kind="ear").order_by("at", "person_id"))


def query_of(url: str) -> dict[str, str]:
    """Return an address's query."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
