"""A customer of the simulator: orders things, and takes the callbacks that it is sent."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import requests

from tests.phones import Phones
from tests.waiting import PATIENCE


@dataclass
class Got:
    """One callback."""

    path: str
    form: dict[str, str]
    signature: str


@dataclass
class Customer:
    """Its own web server, with documents by path."""

    phones: Phones
    documents: dict[str, str] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    slow: float = 0.0
    """Seconds until it answers."""
    refuses: set[str] = field(default_factory=set)
    """Paths that it answers with 503."""

    def __post_init__(self) -> None:
        customer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = dict(parse_qsl(body, keep_blank_values=True))
                signature = self.headers.get("X-Twilio-Signature", "")
                customer.got.append(Got(self.path, form, signature))
                document = customer.documents.get(self.path, "").encode()
                time.sleep(customer.slow)
                self.send_response(503 if self.path in customer.refuses else 200)
                self.send_header("Content-Length", str(len(document)))
                self.end_headers()
                self.wfile.write(document)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def ask(
        self, method: str, path: str, *, account: str = "north", token: str = "", **form: Any
    ) -> requests.Response:
        """Order or ask by the REST interface."""
        who = self.phones.provider(account).account
        return requests.request(
            method,
            f"{self.phones.url}/2010-04-01/Accounts/{who.sid}/{path}.json",
            params=form if method == "GET" else None,
            data=None if method == "GET" else form,
            auth=(who.sid, token or who.token),
            timeout=PATIENCE,
        )

    def text(
        self, to: str, body: str = "Tip H6K2.", *, account: str = "north"
    ) -> requests.Response:
        number = self.phones.provider(account).account.number
        return self.ask(
            "POST",
            "Messages",
            account=account,
            To=to,
            From=number,
            Body=body,
            StatusCallback=f"{self.url}/status?a=1",
        )

    def call(self, to: str, *, account: str = "north", **more: Any) -> requests.Response:
        number = self.phones.provider(account).account.number
        form = {
            "To": to,
            "From": number,
            "Url": f"{self.url}/voice",
            "Timeout": "20",
            "StatusCallback": f"{self.url}/status",
            "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        } | more
        return self.ask("POST", "Calls", account=account, **form)

    def statuses(self, kind: str) -> list[str]:
        """Return the states told by callbacks: of `Message` or `Call`."""
        return [one.form[f"{kind}Status"] for one in self.got if one.path.startswith("/status")]

    def wait(self, kind: str, last: str) -> list[str]:
        """Wait for a state, and return all that were told."""
        self.phones.wait(lambda: last in self.told(kind))
        return self.told(kind)

    def told(self, kind: str) -> list[str]:
        """Return the states whose callbacks were answered."""
        return [
            one.form[f"{kind}Status"]
            for one in self.phones.callbacks("/status")
            if f"{kind}Status" in one.form
        ]
