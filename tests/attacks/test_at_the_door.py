"""What anybody can send who reaches a port: names, and refusals by the thousand."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from conftest import Cast
from upstander.config.logs import MOST, Refusals
from upstander.tips.storage import DurableFolder

DESK = "desk.example.org"


@pytest.fixture
def one_host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = [DESK]
    settings.ONE_HOST = frozenset({DESK, f"{DESK}:8443"})
    settings.DESK_URL = f"https://{DESK}:8443"


@pytest.mark.parametrize("host", [DESK, f"{DESK}:8443", DESK.upper()])
def test_the_site_answers_by_its_own_name(cast: Cast, one_host: None, host: str) -> None:
    assert Client(headers={"host": host}).get("/account/login/").status_code == 200


@pytest.mark.parametrize(
    "host", [f"{DESK}:99999", f"{DESK}:8444", f"{DESK}.", f"x.{DESK}", "evil.example", "", "[::1]"]
)
def test_by_no_other_name_or_port(
    cast: Cast, one_host: None, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(headers={"host": host})
    with caplog.at_level(logging.DEBUG):
        for path in ("/account/login/", "/nowhere"):
            assert client.get(path).status_code == 400
        client.post("/account/password/reset/", {"email": "tess@maple.example"})
    assert not mail.outbox
    assert "DisallowedHost" not in caplog.text


def test_a_mail_for_a_new_password_leads_to_the_configured_address(
    cast: Cast, settings: Any
) -> None:
    """Even where the name in front is not looked at: no mail is made from what a request says."""
    settings.ALLOWED_HOSTS, settings.DESK_URL = ["*"], f"https://{DESK}"
    client = Client(headers={"host": "evil.example:99999"})
    client.post("/account/password/reset/", {"email": cast.people["tara"].email})
    [letter] = mail.outbox
    assert f"https://{DESK}/account/password/reset/key/" in letter.body
    assert "evil" not in letter.body


def test_refusals_fill_no_log(caplog: pytest.LogCaptureFixture) -> None:
    throttle = Refusals()
    told = []
    for number in range(10_000):
        record = logging.LogRecord(
            "django.request",
            logging.WARNING,
            __file__,
            1,
            "Forbidden (Permission denied): %s",
            (f"/tips/{number}",),
            (PermissionError, PermissionError(), None),
        )
        if throttle.filter(record):
            told.append(record)
    assert len(told) == MOST
    assert not any(record.exc_info for record in told)


def test_a_fault_of_ours_is_told_whole_however_often() -> None:
    throttle = Refusals()
    fault = (ZeroDivisionError, ZeroDivisionError(), None)
    for _ in range(MOST * 3):
        record = logging.LogRecord(
            "django.request", logging.ERROR, __file__, 1, "Internal Server Error: %s", ("/",), fault
        )
        assert throttle.filter(record)
        assert record.exc_info


@pytest.mark.parametrize(
    ("mark", "more"),
    [(False, {}), (True, {"UPSTANDER_DESK_URL": "https://desk.example.org"})],
    ids=["a real folder", "an https address"],
)
def test_no_real_system_can_be_made_a_demo(
    tmp_path: Path, mark: bool, more: dict[str, str]
) -> None:
    if mark:
        (tmp_path / "demo").touch()
        more |= {"UPSTANDER_PUBLIC_URL": "https://tell.example.org"}
    for process in ("public", "desk", "worker", "command"):
        tried = subprocess.run(
            [sys.executable, "-c", "from upstander.config import settings"],
            env={
                **os.environ,
                "UPSTANDER_HOME": str(tmp_path),
                "UPSTANDER_DEMO": "1",
                "UPSTANDER_PROCESS": process,
                "UPSTANDER_TRUSTED_PROXIES": "127.0.0.1",
                **more,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert tried.returncode != 0
        assert (
            "UPSTANDER_DEMO is set" in tried.stderr or "A demo is for this machine" in tried.stderr
        )


def test_a_kept_file_tells_no_more_of_its_time_than_the_day(tmp_path: Path) -> None:
    from django.core.files.base import ContentFile  # noqa: PLC0415

    store = DurableFolder(location=str(tmp_path))
    name = store.save("a", ContentFile(b"x"))
    at = (tmp_path / name).stat().st_mtime_ns
    assert at % (86_400 * 10**9) == 0
