"""Texts and calls by the Twilio-compatible REST API: Twilio, SignalWire, Telnyx (TeXML), simulator.

Source: Twilio's REST API 2010-04-01, Messages and Calls. No vendor's library: two forms and two
questions. Nothing that a provider says is kept or logged but its numbers, since it repeats the
phone number in its words.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import requests
from django.conf import settings
from urllib3.exceptions import ProtocolError

from upstander.carriers import texts
from upstander.carriers.contract import CarrierError, LegState, Outgoing, Report
from upstander.carriers.models import Channel

if TYPE_CHECKING:
    from upstander.carriers.providers import Provider

#: Seconds to connect, to wait for an answer, and for the whole of it. Then the other is tried.
_CONNECT, _ANSWER, _WHOLE = 2.0, 4.0, 6.0
_MOST = 64 * 1024
#: Seconds that a phone rings: then it is "no answer", mostly before a mailbox takes over.
RING = 25

#: Errors by which the number itself is no good: not a number, none that takes texts, a landline, a
#: number that is not in use (twilio.com/docs/api/errors).
_BAD_NUMBER = frozenset({21211, 21214, 21217, 21219, 21407, 21614, 30005, 30006, 13223, 13224})
_STOPPED = 21610

_TEXT: Mapping[str, str] = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "cancelled",
}
_CALL: Mapping[str, str] = {
    "queued": "accepted",
    "initiated": "accepted",
    "ringing": "accepted",
    "in-progress": "answered",
    "completed": "answered",
    "busy": "busy",
    "no-answer": "no_answer",
    "failed": "failed",
    "canceled": "cancelled",
}
_OVER = frozenset(
    {"completed", "busy", "no-answer", "failed", "canceled", "delivered", "read", "undelivered"}
)
#: The provider has it and nothing else has happened: if that is all it ever says, it stands still.
WAITING = frozenset({"accepted", "scheduled", "queued"})

_local = threading.local()


class Twilio:
    """One account at one provider, on one channel."""

    reports = True

    def __init__(self, provider: Provider, channel: str) -> None:
        self.provider, self.channel = provider, channel
        self.name = provider.name

    def send(self, to: str, outgoing: Outgoing, delivery: UUID) -> str:
        """Order one text or call; return its id. Raises CarrierError."""
        at = f"{self.provider.callback_url}/carriers/{self.name}"
        order: list[tuple[str, str]] = [
            ("To", to),
            ("From", self.provider.from_number),
            ("StatusCallback", f"{at}/status/{delivery}"),
        ]
        if self.channel == Channel.SMS:
            order.append(("Body", _body(outgoing)))
        else:
            order += [
                ("Url", f"{at}/voice/{delivery}"),
                ("Method", "POST"),
                ("Timeout", str(RING)),
                ("MachineDetection", "Enable"),
                *(("StatusCallbackEvent", one) for one in ("ringing", "answered", "completed")),
            ]
        return _sid(self._call("POST", self._things(), order))

    def text(self, to: str, sender: str, words: str, status_url: str) -> str:
        """Order a text from another of the account's numbers; return its id. Raises CarrierError.

        ``status_url``: where the provider tells what became of it.
        """
        order = [("To", to), ("From", sender), ("Body", words), ("StatusCallback", status_url)]
        return _sid(self._call("POST", "Messages", order))

    def forget(self, path: str) -> None:
        """Have the provider delete what it keeps below the account. Gone already is gone.

        Raises CarrierError, also while the provider can't: a text that is still on its way.
        """
        self._call("DELETE", path, missing=True)

    def kept(self, line: str) -> list[Mapping[str, Any]]:
        """Return what the provider keeps of the newest texts to a line. Raises CarrierError."""
        found = self._call("GET", "Messages", query={"To": line, "PageSize": "100"})
        texts = found.get("messages")
        return [one for one in texts if isinstance(one, dict)] if isinstance(texts, list) else []

    def pictures_of(self, text: str) -> list[str]:
        """Return where the pictures of a text lie. Raises CarrierError."""
        found = self._call("GET", f"Messages/{text}/Media").get("media_list")
        given = found if isinstance(found, list) else []
        paths = [str(one.get("uri", "")) for one in given if isinstance(one, dict)]
        own = urlsplit(self.provider.base_url)
        return [f"{own.scheme}://{own.netloc}{path.removesuffix('.json')}" for path in paths]

    def picture(self, address: str, most: int) -> tuple[bytes, str]:
        """Fetch a picture of a text; return its bytes and type. Raises CarrierError.

        The token is shown to the provider alone: it may lead on once, to where its pictures lie.
        """
        if not self.provider.serves(address):
            raise CarrierError("no picture of this provider", permanent=True)
        try:
            return _fetched(self.provider, address, most)
        except (requests.RequestException, ValueError) as error:
            raise CarrierError(
                f"the picture could not be fetched ({type(error).__name__})"
            ) from error

    def ask(self, ref: str) -> Report:
        """Ask what became of a text or call. Raises CarrierError."""
        answer = self._call("GET", f"{self._things()}/{ref}")
        status = str(answer.get("status", ""))
        if status in WAITING:
            raise CarrierError("still waiting at the provider")
        return report_of(
            self.channel, status, str(answer.get("answered_by") or ""), answer.get("error_code")
        )

    def end(self, ref: str) -> None:
        """Hang up, or stop ringing. Raises CarrierError."""
        self._call("POST", f"{self._things()}/{ref}", [("Status", "completed")])

    def dial(
        self,
        to: str,
        line: str,
        url: str,
        status_url: str,
        *,
        keys: str = "",
        ring: int = RING,
        whom: bool = False,
    ) -> str:
        """Ring a number from one of the account's lines; return the leg's id. Raises CarrierError.

        Mostly no machine is looked for: whoever is rung must press a key, which no mailbox does.
        ``whom``: one is, since even a greeting would stay in it.
        """
        order = [
            ("To", to),
            ("From", line),
            ("Url", url),
            ("Method", "POST"),
            ("Timeout", str(ring)),
            ("StatusCallback", status_url),
            *(("StatusCallbackEvent", one) for one in ("answered", "completed")),
            *((("SendDigits", keys),) if keys else ()),
            *((("MachineDetection", "Enable"),) if whom else ()),
        ]
        return _sid(self._call("POST", "Calls", order))

    def ring(self, to: str, sender: str, document: str) -> str:
        """Ring a number, led by a document that goes along; the leg's id. Raises CarrierError."""
        order = [("To", to), ("From", sender), ("Twiml", document), ("Timeout", str(RING))]
        return _sid(self._call("POST", "Calls", order))

    def move(self, leg: str, url: str) -> None:
        """Lead a leg that lasts to another document. Raises CarrierError."""
        self._call("POST", f"Calls/{leg}", [("Url", url), ("Method", "POST")])

    def stand(self, leg: str) -> LegState:
        """Ask how a leg stands; one that it knows no more is over. Raises CarrierError."""
        answer = self._call("GET", f"Calls/{leg}", missing=True)
        status = str(answer.get("status", ""))
        if not status:
            return LegState(talking=False, over=True)
        report = report_of(Channel.VOICE, status, "", answer.get("error_code"))
        talking = status == "in-progress"
        how = "" if report.state in ("answered", "accepted") else report.state
        return LegState(talking, report.over, how)

    def ping(self) -> None:
        """Ask for something that does not exist: a 404 is an answer too. Raises CarrierError."""
        self._call("GET", f"{self._things()}/SM00000000000000000000000000000000", missing=True)

    def _things(self) -> str:
        return "Messages" if self.channel == Channel.SMS else "Calls"

    def _call(
        self,
        method: str,
        path: str,
        form: Sequence[tuple[str, str]] = (),
        *,
        missing: bool = False,
        query: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        suffix = "" if self.provider.bearer else ".json"
        url = f"{self.provider.base_url}/Accounts/{self.provider.account}/{path}{suffix}"
        url += f"?{urlencode(query)}" if query else ""
        try:
            status, answer = _exchange(self.provider, method, url, form)
        except requests.Timeout as error:
            raise CarrierError("the provider did not answer in time") from error
        except (requests.RequestException, ValueError) as error:
            raise CarrierError(
                f"the provider could not be reached ({type(error).__name__})"
            ) from error
        if status < 300 or (missing and status == 404):
            return answer
        code = answer.get("code")
        code = code if isinstance(code, int) else 0
        raise CarrierError(f"the provider refused ({status}, {code})", broken=_broken(code))


def _sid(answer: Mapping[str, Any]) -> str:
    sid = answer.get("sid")
    if not isinstance(sid, str) or not 0 < len(sid) <= 80:
        raise CarrierError("the provider gave no id")
    return sid


def report_of(channel: str, status: str, answered_by: str, error: object) -> Report:
    """Return what a provider's words mean. Raises CarrierError for words that it does not have."""
    state = (_TEXT if channel == Channel.SMS else _CALL).get(status)
    if state is None:
        raise CarrierError("the provider says something unknown")
    if channel == Channel.VOICE and state == "answered" and is_machine(answered_by):
        state = "machine"
    code = int(str(error)) if str(error or "").isdigit() else 0
    return Report(
        state=state,
        reason=f"the provider says {code}" if code and state == "failed" else "",
        broken=_broken(code) if state == "failed" else "",
        over=status in _OVER,
    )


def is_machine(answered_by: str) -> bool:
    """Tell whether a provider says that no person picked up."""
    return answered_by.startswith("machine") or answered_by == "fax"


def _broken(code: int) -> str:
    return "stopped" if code == _STOPPED else "bad_number" if code in _BAD_NUMBER else ""


def _body(outgoing: Outgoing) -> str:
    parts = [outgoing.short]
    if outgoing.ask:
        parts.append(texts.how_to_reply(outgoing))
    if outgoing.link_path:
        parts.append(f"{settings.DESK_URL}{outgoing.link_path}")
    return " ".join(parts)


class _Authorised(requests.auth.AuthBase):
    """The account's token. An object, so that a .netrc never takes its place."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.provider.bearer:
            request.headers["Authorization"] = f"Bearer {self.provider.token}"
            return request
        basic = requests.auth.HTTPBasicAuth(self.provider.account, self.provider.token)
        return basic(request)


class _Nobody(requests.auth.AuthBase):
    """No token at all, and none of a .netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _exchange(
    provider: Provider, method: str, url: str, form: Sequence[tuple[str, str]]
) -> tuple[int, Mapping[str, Any]]:
    """Make one request; once more when a kept connection turns out to have been closed."""
    try:
        return _once(provider, method, url, form)
    except requests.ConnectionError as error:
        if not (error.args and isinstance(error.args[0], ProtocolError)):
            raise
        _session().close()
        return _once(provider, method, url, form)


def _once(
    provider: Provider, method: str, url: str, form: Sequence[tuple[str, str]]
) -> tuple[int, Mapping[str, Any]]:
    began = time.monotonic()
    with _session().request(
        method,
        url,
        data=list(form) or None,
        auth=_Authorised(provider),
        timeout=(_CONNECT, _ANSWER),
        # To whom else it might point is not who was chosen, and would be told the token.
        allow_redirects=False,
        stream=True,
    ) as response:
        body = b""
        for piece in response.iter_content(8192):
            body += piece
            # A time-out is between two bytes; a provider that drips must not hold a page either.
            if len(body) > _MOST or time.monotonic() - began > _WHOLE:
                raise requests.Timeout
        if not body:
            return response.status_code, {}
        try:
            answer = json.loads(body)
        except ValueError:
            # Refusals of a proxy between us are pages.
            return (response.status_code if response.status_code >= 300 else 502), {}
    return response.status_code, answer if isinstance(answer, dict) else {}


def _session() -> requests.Session:
    """Return this thread's connections, kept: a handshake costs more than the order."""
    session: requests.Session | None = getattr(_local, "session", None)
    if session is None:
        session = _local.session = requests.Session()
    return session


def _fetched(provider: Provider, address: str, most: int) -> tuple[bytes, str]:
    began = time.monotonic()
    auth: requests.auth.AuthBase | None = _Authorised(provider)
    for hop in range(2):
        with _session().get(
            address,
            auth=auth or _Nobody(),
            timeout=(_CONNECT, _ANSWER),
            allow_redirects=False,
            stream=True,
        ) as response:
            onward = response.headers.get("Location", "")
            if hop == 0 and response.is_redirect and provider.leads_to(onward):
                address, auth = onward, None
                continue
            if response.status_code != 200:
                gone = response.status_code in (404, 410)
                raise CarrierError(
                    f"the provider refused a picture ({response.status_code})", permanent=gone
                )
            body = b""
            for piece in response.iter_content(65_536):
                body += piece
                if len(body) > most:
                    raise CarrierError("the picture is too big", permanent=True)
                if time.monotonic() - began > 10 * _WHOLE:
                    raise requests.Timeout
            return body, response.headers.get("Content-Type", "").partition(";")[0].strip()
    raise CarrierError("the picture leads on and on", permanent=True)
