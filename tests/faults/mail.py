"""A mail server for tests that can refuse or fall silent (RFC 5321, as far as it is used)."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import Message


class MailServer:
    """Listens on a free port. ``got`` holds what was accepted."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        #: Recipient → the answer to RCPT, such as "550 no such box".
        self.refuse: dict[str, str] = {}
        #: While set, the end of a message is never answered: the sender can't know.
        self.silent = threading.Event()
        self.dropped = 0
        #: Asked about each message by its number, once it lies here: "drop" makes
        #: the line go dead (the message was taken all the same), "refuse" sends the next one away.
        self.befalls: Callable[[int], str] = lambda number: ""
        self._refused = False
        #: Set once a whole message lies here without an answer.
        self.holding = threading.Event()
        outer = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    outer._talk(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def to(self, address: str) -> list[Message]:
        """Return the messages that somebody got."""
        return [message for message in self.got if message["To"] == address]

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _talk(self, talk: socketserver.StreamRequestHandler) -> None:
        def say(line: str) -> None:
            talk.wfile.write(f"{line}\r\n".encode())

        say("220 test")
        while line := talk.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("RCPT"):
                address = line.split("<", 1)[1].split(">", 1)[0]
                refused, self._refused = self._refused, False
                say("451 not now" if refused else self.refuse.get(address, "250 yes"))
            elif word == "DATA":
                say("354 go on")
                body = b""
                while (part := talk.rfile.readline()) != b".\r\n":
                    body += part
                if self.silent.is_set():
                    self.holding.set()
                    talk.rfile.readline()
                    return
                self.got.append(message_from_bytes(body, policy=policy.default))
                fate = self.befalls(len(self.got))
                self._refused |= fate == "refuse"
                if fate == "drop":
                    self.dropped += 1
                    return
                say("250 kept")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                say("250 yes")
