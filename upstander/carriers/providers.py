"""Which providers carry what: the file ``providers.toml`` in the data folder.

Without one, mail goes out by the server that the settings name, and nothing else does. The file
and the tokens that it points to are read again when the file changes. docs/how-to/providers.md says
how to write it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from django.conf import settings
from msgspec import Meta

from upstander.carriers.contract import Carrier
from upstander.carriers.email import Mail
from upstander.carriers.models import Channel
from upstander.carriers.push import Push
from upstander.carriers.twilio import Twilio
from upstander.rulefiles import RuleFileWrong, RuleType, once, read_rules

#: Kinds of provider, and what each can carry.
KINDS: Mapping[str, frozenset[str]] = {
    "twilio": frozenset({Channel.SMS, Channel.VOICE}),
    "signalwire": frozenset({Channel.SMS, Channel.VOICE}),
    "telnyx": frozenset({Channel.VOICE}),
    "smtp": frozenset({Channel.EMAIL}),
    "anymail": frozenset({Channel.EMAIL}),
}
#: What a kind can't do without.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "twilio": ("base_url", "account", "token_file", "from_number"),
    "signalwire": ("base_url", "account", "token_file", "from_number", "signing_key_file"),
    "telnyx": ("base_url", "account", "token_file", "from_number", "public_key"),
    "smtp": (),
    "anymail": ("backend",),
}


class ProviderEntry(RuleType, frozen=True, kw_only=True):
    """One ``[[provider]]`` of the file; secrets stand in files of their own, beside it."""

    name: Annotated[
        str,
        Meta(
            pattern=r"\A(?=.*[^-])(?:[^\W_]|-){1,30}\Z",
            description="a name of letters, digits and hyphens only, at most 30",
        ),
    ]
    kind: Literal["twilio", "signalwire", "telnyx", "smtp", "anymail"] = "twilio"
    #: Fewer than its kind carries; empty: all of them.
    channels: frozenset[str] | None = None
    order: int = 1
    base_url: str = ""
    account: str = ""
    token_file: str = ""
    from_number: str = ""
    callback_url: str | None = None
    signing_key_file: str = ""
    public_key: str = ""
    host: str = "localhost"
    port: Annotated[int, Meta(ge=1, le=65535)] = 25
    user: str = ""
    tls: bool = False
    backend: str = ""
    options: Mapping[str, Any] = {}
    #: Option → the file that holds it.
    secrets: Mapping[str, str] = {}
    from_address: str = ""

    def __post_init__(self) -> None:
        if self.channels is not None and not self.channels <= KINDS[self.kind]:
            raise ValueError(f"{self.kind} carries {', '.join(sorted(KINDS[self.kind]))} only")
        for key in _NEEDS[self.kind]:
            if not getattr(self, key):
                raise ValueError(f"{key} is missing")


class ProvidersFile(RuleType, frozen=True):
    """The whole file."""

    provider: tuple[ProviderEntry, ...] = ()

    def __post_init__(self) -> None:
        once((one.name for one in self.provider), "the name")


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
    """Return the providers in their order. Raises RuleFileWrong."""
    file = Path(os.environ.get("UPSTANDER_PROVIDERS") or settings.HOME.root / "providers.toml")
    try:
        seen = file.stat()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise RuleFileWrong(str(file), "", f"can't be read ({error.strerror})") from error
    return _load(file, seen.st_mtime_ns, seen.st_size)


def provider_named(name: str) -> Provider | None:
    """Return one provider, or None. Raises RuleFileWrong."""
    return next((one for one in providers() if one.name == name), None)


def carriers_for(channel: str) -> list[Carrier]:
    """Return the ways out on a channel, in their order. Raises RuleFileWrong."""
    if channel == Channel.PUSH:
        return [Push()]
    those = [one for one in providers() if channel in one.channels]
    if channel == Channel.EMAIL:
        return [Mail(one) for one in those or (None,)]
    return [Twilio(one, channel) for one in those]


def carrier_named(name: str, channel: str) -> Carrier | None:
    """Return one way out, or None when the file names it no more. Raises RuleFileWrong."""
    return next((one for one in carriers_for(channel) if one.name == name), None)


@lru_cache(maxsize=2)
def _load(file: Path, _mtime: int, _size: int) -> tuple[Provider, ...]:
    entries = read_rules(file, ProvidersFile).provider
    return tuple(
        sorted((_provider(one, file.parent) for one in entries), key=lambda one: one.order)
    )


def _provider(entry: ProviderEntry, folder: Path) -> Provider:
    token = _secret(entry.token_file, folder)
    common: dict[str, Any] = {
        "name": entry.name,
        "kind": entry.kind,
        "channels": KINDS[entry.kind] if entry.channels is None else entry.channels,
        "order": entry.order,
    }
    if Channel.EMAIL in KINDS[entry.kind]:
        return Provider(**common, **_mail(entry, token, folder), from_address=entry.from_address)
    callback = settings.PUBLIC_URL if entry.callback_url is None else entry.callback_url
    return Provider(
        **common,
        base_url=entry.base_url.rstrip("/"),
        account=entry.account,
        token=token,
        from_number=entry.from_number,
        callback_url=callback.rstrip("/"),
        signing_key=_secret(entry.signing_key_file, folder) or token,
        public_key=entry.public_key,
    )


def _mail(entry: ProviderEntry, token: str, folder: Path) -> dict[str, Any]:
    if entry.kind == "anymail":
        secrets = {key: _read(folder / file) for key, file in entry.secrets.items()}
        return {
            "backend": f"anymail.backends.{entry.backend}.EmailBackend",
            "options": {**entry.options, **secrets},
        }
    return {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "options": {
            "host": entry.host,
            "port": entry.port,
            "username": entry.user,
            "password": token,
            "use_tls": entry.tls,
            "timeout": 10,
        },
    }


def _secret(file: str, folder: Path) -> str:
    return _read(folder / file) if file else ""


def _read(file: Path) -> str:
    """Read a token: a file of its own, so that the list of providers may be shown around."""
    try:
        if file.stat().st_mode & 0o007:
            raise RuleFileWrong(str(file), "", f"can be read by everybody here: chmod 600 {file}")
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RuleFileWrong(str(file), "", f"can't be read ({type(error).__name__})") from error
