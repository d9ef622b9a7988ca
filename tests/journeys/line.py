"""A device's line to the site, which a test cuts: no byte of any page or worker passes then.

A browser's own "offline" is told to each of its parts, one after the other: a worker that starts
meanwhile hears of it late, or stands still.
"""

from __future__ import annotations

import select
import socket
import socketserver
import threading

from playwright.sync_api import BrowserContext

#: Nothing to sign in with; yes, it is connected (RFC 1928).
_WELCOME, _CONNECTED = b"\x05\x00", b"\x05\x00\x00\x01" + bytes(6)


class Line(socketserver.ThreadingTCPServer):
    """A SOCKS proxy on a free port; ``proxy`` is the browser's option that leads through it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Through)
        self.whole = True
        self.proxy = f"--proxy-server=socks5://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def cut(self) -> None:
        """Let nothing through from now on."""
        self.whole = False

    def mend(self, device: BrowserContext) -> None:
        """Let everything through, and tell the device's pages, as a phone does."""
        self.whole = True
        for page in device.pages:
            page.evaluate("dispatchEvent(new Event('online'))")


class _Through(socketserver.BaseRequestHandler):
    server: Line

    def handle(self) -> None:
        near: socket.socket = self.request
        near.recv(512)
        near.sendall(_WELCOME)
        # Which machine is asked for says nothing: all are this one.
        port = int.from_bytes(near.recv(512)[-2:])
        if not self.server.whole:
            return
        with socket.create_connection(("127.0.0.1", port)) as far:
            near.sendall(_CONNECTED)
            other = {near: far, far: near}
            while self.server.whole:
                for one in select.select(list(other), [], [], 0.05)[0]:
                    said = one.recv(65_536)
                    if not said or not self.server.whole:
                        return
                    other[one].sendall(said)
