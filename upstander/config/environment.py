"""The environment: what may be set there, and what holds without it. Read here and nowhere else.

docs/how-to/settings-and-upkeep.md says what each is for.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Final

#: Every variable that anything of ours reads, and what holds where it isn't set.
DEFAULTS: Final[Mapping[str, str]] = {
    "DATABASE_URL": "",
    "UPSTANDER_ANDROID_CERTIFICATE": "",
    "UPSTANDER_ANDROID_PACKAGE": "",
    "UPSTANDER_DEMO": "0",
    "UPSTANDER_DEMO_YEAR": "1",
    "UPSTANDER_DESK_PORT": "8001",
    "UPSTANDER_DESK_URL": "",
    "UPSTANDER_DESK_WORKERS": "",
    "UPSTANDER_HOME": "",
    "UPSTANDER_LISTEN": "127.0.0.1",
    "UPSTANDER_MAIL_FROM": "upstander@localhost",
    "UPSTANDER_NEUTRAL_URL": "https://www.weather.gov/",
    "UPSTANDER_PHONES_PORT": "8002",
    "UPSTANDER_PING_URL": "",
    "UPSTANDER_PLAIN_INTAKE": "0",
    "UPSTANDER_PROBE_SECONDS": "300",
    "UPSTANDER_PROCESS": "command",
    "UPSTANDER_PROVIDERS": "",
    "UPSTANDER_PUBLIC_LINES": "2",
    "UPSTANDER_PUBLIC_PIN": "1",
    "UPSTANDER_PUBLIC_PORT": "8000",
    "UPSTANDER_PUBLIC_URL": "",
    "UPSTANDER_PUBLIC_WORKERS": "",
    "UPSTANDER_RECORD_FOLDERS": "",
    "UPSTANDER_RECORD_MAIL": "",
    "UPSTANDER_RECORD_NAME": "",
    "UPSTANDER_ROUTING_URL": "",
    "UPSTANDER_SECOND_PLACE": "",
    "UPSTANDER_SMTP_HOST": "localhost",
    "UPSTANDER_SMTP_PASSWORD": "",
    "UPSTANDER_SMTP_PORT": "25",
    "UPSTANDER_SMTP_TLS": "0",
    "UPSTANDER_SMTP_USER": "",
    "UPSTANDER_TEST_PHONE": "",
    "UPSTANDER_TRUSTED_PROXIES": "",
    "UPSTANDER_WATCH_PORT": "8003",
}


def given(name: str, default: str = "") -> str:
    """Return what is set, else ``default``, else what holds by ``DEFAULTS``.

    Raises KeyError for a name that isn't there.
    """
    return os.environ.get(name) or default or DEFAULTS[name]


def number(name: str) -> int:
    """Return a whole number that is set. Raises KeyError, ValueError."""
    return int(given(name))


def is_on(name: str) -> bool:
    """Tell whether a switch is on: ``1``. Raises KeyError."""
    return given(name) == "1"


def settings_for(process: str) -> None:
    """Say which process this is, before Django's settings are read."""
    os.environ["UPSTANDER_PROCESS"] = process
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")


def for_child(*, without: Collection[str] = (), **more: str) -> dict[str, str]:
    """Return the environment that a process of ours is started with."""
    own = {key: value for key, value in os.environ.items() if key not in without}
    return {**own, **more}


def machine_clock() -> dict[str, str]:
    """Return by what libfaketime sets a process's clock, for one that is given nothing else.

    Empty on a machine as it is: a whole system is run on another day to see that it stands.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name == "LD_PRELOAD" or name.startswith("FAKETIME")
    }


def everything() -> Mapping[str, str]:
    """Return the environment as it is, for what looks at several of its variables."""
    return os.environ
