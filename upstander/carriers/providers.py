"""Which providers carry what: the file ``providers.toml`` in the data folder.

Without one, mail goes out by the server that the settings name, and nothing else does. The file
and the tokens that it points to are read again when the file changes. docs/how-to/providers.md says
how to write it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from upstander.carriers.contract import Carrier
from upstander.carriers.email import Mail
from upstander.carriers.models import Channel
from upstander.carriers.push import Push
from upstander.carriers.twilio import Twilio

#: Kinds of provider, and what each can carry.
KINDS: Mapping[str, frozenset[str]] = {
    "twilio": frozenset({Channel.SMS, Channel.VOICE}),
    "signalwire": frozenset({Channel.SMS, Channel.VOICE}),
    "telnyx": frozenset({Channel.VOICE}),
    "smtp": frozenset({Channel.EMAIL}),
    "anymail": frozenset({Channel.EMAIL}),
}
_KEYS = {
    "name",
    "kind",
    "channels",
    "order",
    "base_url",
    "account",
    "token_file",
    "from_number",
    "callback_url",
    "signing_key_file",
    "public_key",
    "host",
    "port",
    "user",
    "tls",
    "backend",
    "options",
    "secrets",
    "from_address",
}


class ProvidersWrong(Exception):
    """The providers' file can't be used as it is; the message says why."""


@dataclass(frozen=True)
class Provider:
    """One entry of the file."""

    name: str
    kind: str
    channels: frozenset[str]
    order: int = 1
    base_url: str = ""
    account: str = ""
    token: str = field(default="", repr=False)
    from_number: str = ""
    #: The public site as this provider reaches it.
    callback_url: str = ""
    #: With what callbacks are signed: the token itself unless the provider has a key for it.
    signing_key: str = field(default="", repr=False)
    public_key: str = ""
    #: How a mail backend is made (``django.core.mail``).
    backend: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    from_address: str = ""


def providers() -> tuple[Provider, ...]:
    """Return the providers in their order. Raises ProvidersWrong."""
    file = Path(os.environ.get("UPSTANDER_PROVIDERS") or settings.HOME.root / "providers.toml")
    try:
        seen = file.stat()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ProvidersWrong(f"{file} can't be read ({error.strerror})") from error
    return _load(file, seen.st_mtime_ns, seen.st_size)


def provider_named(name: str) -> Provider | None:
    """Return one provider, or None. Raises ProvidersWrong."""
    return next((one for one in providers() if one.name == name), None)


def carriers_for(channel: str) -> list[Carrier]:
    """Return the ways out on a channel, in their order. Raises ProvidersWrong."""
    if channel == Channel.PUSH:
        return [Push()]
    those = [one for one in providers() if channel in one.channels]
    if channel == Channel.EMAIL:
        return [Mail(one) for one in those or (None,)]
    return [Twilio(one, channel) for one in those]


def carrier_named(name: str, channel: str) -> Carrier | None:
    """Return one way out, or None when the file names it no more. Raises ProvidersWrong."""
    return next((one for one in carriers_for(channel) if one.name == name), None)


@lru_cache(maxsize=2)
def _load(file: Path, _mtime: int, _size: int) -> tuple[Provider, ...]:
    try:
        entries = tomllib.loads(file.read_text("utf-8")).get("provider", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProvidersWrong(f"{file} can't be read: {error}") from error
    found = [_provider(entry, file.parent) for entry in entries]
    names = [one.name for one in found]
    if len(set(names)) != len(names):
        raise ProvidersWrong(f"{file}: two providers have the same name")
    return tuple(sorted(found, key=lambda one: one.order))


def _provider(entry: Mapping[str, Any], folder: Path) -> Provider:
    name, kind = str(entry.get("name", "")), str(entry.get("kind", "twilio"))
    if not name.replace("-", "").isalnum() or len(name) > 30:
        raise ProvidersWrong(f"a provider's name has letters, digits and hyphens only: {name!r}")
    if kind not in KINDS:
        raise ProvidersWrong(f"{name}: kind is {kind!r}; it must be one of {', '.join(KINDS)}")
    if unknown := set(entry) - _KEYS:
        raise ProvidersWrong(f"{name}: unknown entries {', '.join(sorted(unknown))}")
    channels = frozenset(map(str, entry.get("channels", KINDS[kind])))
    if not channels <= KINDS[kind]:
        raise ProvidersWrong(f"{name}: {kind} carries {', '.join(sorted(KINDS[kind]))} only")
    token = _secret(entry, "token_file", folder)
    common: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "channels": channels,
        "order": int(entry.get("order", 1)),
    }
    if Channel.EMAIL in KINDS[kind]:
        return Provider(**common, **_mail(entry, token, folder))
    for key in ("base_url", "account", "token_file", "from_number"):
        if not entry.get(key):
            raise ProvidersWrong(f"{name}: {key} is missing")
    if kind == "signalwire" and not entry.get("signing_key_file"):
        raise ProvidersWrong(f"{name}: signing_key_file is missing")
    if kind == "telnyx" and not entry.get("public_key"):
        raise ProvidersWrong(f"{name}: public_key is missing")
    return Provider(
        **common,
        base_url=str(entry["base_url"]).rstrip("/"),
        account=str(entry["account"]),
        token=token,
        from_number=str(entry["from_number"]),
        callback_url=str(entry.get("callback_url", settings.PUBLIC_URL)).rstrip("/"),
        signing_key=_secret(entry, "signing_key_file", folder) or token,
        public_key=str(entry.get("public_key", "")),
    )


def _mail(entry: Mapping[str, Any], token: str, folder: Path) -> dict[str, Any]:
    if entry.get("kind") == "anymail":
        if not entry.get("backend"):
            raise ProvidersWrong(f"{entry['name']}: backend is missing")
        secrets = entry.get("secrets", {})
        read = {key: _read(folder / str(file)) for key, file in secrets.items()}
        backend = f"anymail.backends.{entry['backend']}.EmailBackend"
        options = {**entry.get("options", {}), **read}
    else:
        backend = "django.core.mail.backends.smtp.EmailBackend"
        options = {
            "host": entry.get("host", "localhost"),
            "port": int(entry.get("port", 25)),
            "username": entry.get("user", ""),
            "password": token,
            "use_tls": bool(entry.get("tls", False)),
            "timeout": 10,
        }
    return {
        "backend": backend,
        "options": options,
        "from_address": str(entry.get("from_address", "")),
    }


def _secret(entry: Mapping[str, Any], key: str, folder: Path) -> str:
    return _read(folder / str(entry[key])) if entry.get(key) else ""


def _read(file: Path) -> str:
    """Read a token: a file of its own, so that the list of providers may be shown around."""
    try:
        if file.stat().st_mode & 0o007:
            raise ProvidersWrong(f"{file} can be read by everybody here: chmod 600 {file}")
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ProvidersWrong(f"{file} can't be read ({type(error).__name__})") from error
