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
from upstander.carriers.simulator.things import Account, Call, Callback, Room, Text, new_sid

#: Real seconds that the customer's server has to take the connection, and for its answer (as
#: Twilio's: error 11205).
CONNECT, PATIENCE = 5.0, 15.0
_STATES = ("StatusCallbackEvent", "CallStatus", "MessageStatus")


@dataclass(frozen=True)
class Answer:
    """What the customer's server answered; status 0 if it did not."""

    status: int
    body: str = ""


@dataclass(frozen=True)
class _Waiting:
    thing: Text | Call | Room
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
        self.patience = PATIENCE
        """Real seconds for an answer; shorter where nobody likes to wait."""

    def ask(
        self,
        account: Account,
        url: str,
        form: dict[str, str],
        *,
        forge: bool = False,
        tries: int = 1,
    ) -> Answer:
        """Send one signed form and return the answer; again where nobody took it."""
        session = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            # A proxy of this machine's environment is not between a provider and its customer.
            session.trust_env = False
        token = new_sid("") if forge else account.token
        answer = Answer(0)
        for _ in range(tries):
            try:
                got = session.post(
                    url,
                    data=form,
                    headers={HEADER: sign(token, url, form), "User-Agent": "TwilioProxy/1.1"},
                    timeout=(min(CONNECT, self.patience), self.patience),
                    allow_redirects=False,
                )
            except requests.ConnectionError:
                continue
            except requests.RequestException:
                break
            answer = Answer(got.status_code, got.text)
            break
        self._told(Callback(url, form, answer.status))
        return answer

    def tell(
        self, thing: Text | Call | Room, form: dict[str, str], *, last: bool, url: str = ""
    ) -> None:
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
        told = next((one.form[name] for name in _STATES if name in one.form), "")
        copies = 0 if told in behaviour.lose.split() else behaviour.copies
        for _ in range(copies):
            self.ask(one.thing.account, one.url, one.form, forge=behaviour.forge)
        if behaviour.stranger:
            kind = {"SM": "MessageSid", "CA": "CallSid", "CF": "ConferenceSid"}[sid[:2]]
            nobody = new_sid(one.form[kind][:2])
            form = {n: nobody if v == one.form[kind] else v for n, v in one.form.items()}
            self.ask(one.thing.account, one.url, form)
        with self._lock:
            if not self._waiting[sid]:
                del self._waiting[sid]
                self._sending.discard(sid)
                return
        self._later.do(behaviour.late * self._pace, lambda: self._send(sid))
