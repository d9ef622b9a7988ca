"""A reporter's phone and the line that it writes to, for tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from conftest import Cast
from tests.phones import Phones
from upstander.carriers.tests.lines import Site, as_worker, call_in
from upstander.doors.models import Thread
from upstander.doors.texts import sweeps
from upstander.tips.models import Tip
from upstander.tips.opening import Contents, OpenTip, open_tip, read_contents

LINE, OTHER_LINE = "+18605550170", "+18605550171"
PHONE, SECOND = "+18605550123", "+18605550124"


#: What the desk answers by, as the settings have it before a test makes a public site of them.
_DESK = {"ROOT_URLCONF": settings.ROOT_URLCONF, "MIDDLEWARE": settings.MIDDLEWARE}


def at_desk() -> override_settings:
    """Answer as the desk does, for a while."""
    return override_settings(**_DESK)


@dataclass
class Door:
    """All that a text passes through, without the network in between."""

    cast: Cast
    site: Site
    phones: Phones

    def send(self, body: str, phone: str = PHONE, ref: str = "", **more: str) -> HttpResponse:
        """Hand a text on as north does, signed; return our answer."""
        form = {
            "MessageSid": ref or f"SM{uuid4().hex}",
            "From": phone,
            "To": LINE,
            "Body": body,
            "NumMedia": "0",
            **more,
        }
        token = self.phones.provider("north").account.token
        return call_in(self.site, "/carriers/north/door/text", form, token=token)

    def text(self, body: str, phone: str = PHONE, ref: str = "", **more: str) -> str:
        """Send a text; return what was answered by itself, "" for nothing."""
        response = self.send(body, phone, ref, **more)
        assert response.status_code == 200, response.content
        found = re.search(r"<Message>(.*)</Message>", response.content.decode(), re.DOTALL)
        return unescape(found[1]) if found else ""

    def tips(self) -> list[Tip]:
        """Return the tips that came by text, oldest first."""
        return list(Tip.objects.filter(channel="sms").order_by("received_at", "id"))

    def tip(self) -> Tip:
        """Return the one tip that came by text."""
        [tip] = self.tips()
        return tip

    def opened(self, name: str = "alice") -> OpenTip:
        """Open that tip as somebody of the cast."""
        return open_tip(self.cast.viewer(name), self.tip().pk)

    def contents(self, name: str = "alice") -> Contents:
        """Return all of that tip that somebody can read."""
        return read_contents(self.opened(name))

    def said(self) -> list[str]:
        """Return the turns of the conversation, oldest first."""
        return [turn.text for turn in self.contents().turns]

    def thread(self) -> Thread:
        """Return the one phone's thread."""
        [thread] = Thread.objects.all()
        return thread

    def work(self) -> None:
        """Let the worker do what is due, as the worker."""
        with as_worker():
            while sweeps.sweep_texts() + sweeps.sweep_pictures():
                pass

    def arrived(self, phone: str = PHONE) -> list[str]:
        """Return what has come to a phone."""
        return self.phones.texts(phone)

    def desk(self, name: str = "alice") -> Client:
        """Return a browser at the desk; use it within ``at_desk``."""
        return self.cast.client(name)

    def page(self, name: str = "alice") -> str:
        """Return the tip's page as somebody of the staff sees it."""
        with at_desk():
            return self.desk(name).get(f"/tips/{self.tip().pk}").content.decode()

    def receipt(self, order: UUID, ref: str, status: str, error: str = "") -> HttpResponse:
        """Report on a text as north does."""
        form = {"MessageSid": ref, "MessageStatus": status, "ErrorCode": error}
        token = self.phones.provider("north").account.token
        return call_in(self.site, f"/carriers/north/door/status/{order}", form, token=token)
