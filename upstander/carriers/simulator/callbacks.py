"""What the provider says by itself: signed requests to the customer's addresses.

A status callback is sent once and not again if it fails, as with the real ones: whoever missed it
must ask. In good behaviour those of one text or call come one after the other.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

import requests

from upstander.carriers.simulator.later import Later
from upstander.carriers.simulator.signatures import HEADER, sign
from upstander.carriers.simulator.things import Account, Call, Callback, Text, new_sid

#: Real seconds that the customer's server has for its answer (as Twilio's).
PATIENCE = 15.0


@dataclass(frozen=True)
class Answer:
    """What the customer's server answered; status 0 if it did not."""

    status: int
    body: str = ""


@dataclass(frozen=True)
class _Waiting:
    thing: Text | Call
    url: str
    form: dict[str, str]


class Caller:
    """Sends callbacks and keeps a record of them."""

    def __init__(self, later: Later, pace: float, told: Callable[[Callback], None]) -> None:
        self._later = later
        self._pace = pace
        self._told = told
        self._lock = threading.Lock()
        self._waiting: defaultdict[str, deque[_Waiting]] = defaultdict(deque)
        self._sending: set[str] = set()
        self._local = threading.local()

    def ask(
        self, account: Account, url: str, form: dict[str, str], *, forge: bool = False
    ) -> Answer:
        """Send one signed form and return the answer."""
        session = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            # A proxy of this machine's environment is not between a provider and its customer.
            session.trust_env = False
        token = new_sid("") if forge else account.token
        try:
            got = session.post(
                url,
                data=form,
                headers={HEADER: sign(token, url, form), "User-Agent": "TwilioProxy/1.1"},
                timeout=PATIENCE,
                allow_redirects=False,
            )
            answer = Answer(got.status_code, got.text)
        except requests.RequestException:
            answer = Answer(0)
        self._told(Callback(url, form, answer.status))
        return answer

    def tell(self, thing: Text | Call, form: dict[str, str], *, last: bool, url: str = "") -> None:
        """Send a status callback as the account behaves, soon and on another thread."""
        behaviour = thing.behaviour
        url = url or thing.callback
        if not url or behaviour.silent:
            return
        with self._lock:
            waiting = self._waiting[thing.sid]
            waiting.append(_Waiting(thing, url, form))
            if behaviour.reorder:
                if not last:
                    return
                waiting.reverse()
            if thing.sid in self._sending:
                return
            self._sending.add(thing.sid)
        self._later.do(behaviour.late * self._pace, lambda: self._send(thing.sid))

    def _send(self, sid: str) -> None:
        with self._lock:
            one = self._waiting[sid].popleft()
        behaviour = one.thing.behaviour
        for _ in range(behaviour.copies):
            self.ask(one.thing.account, one.url, one.form, forge=behaviour.forge)
        if behaviour.stranger:
            kind = "MessageSid" if isinstance(one.thing, Text) else "CallSid"
            nobody = new_sid(one.form[kind][:2])
            form = {n: nobody if v == one.form[kind] else v for n, v in one.form.items()}
            self.ask(one.thing.account, one.url, form)
        with self._lock:
            if not self._waiting[sid]:
                del self._waiting[sid]
                self._sending.discard(sid)
                return
        self._later.do(behaviour.late * self._pace, lambda: self._send(sid))
