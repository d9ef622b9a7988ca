"""Which providers carry what: the file ``providers.toml`` in the data folder.

Without one, mail goes out by the server that the settings name, and nothing else does. The file
and the tokens that it points to are read again when the file changes. docs/how-to/providers.md says
how to write it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from msgspec import Meta

from upstander.carriers import signatures
from upstander.carriers.contract import Carrier
from upstander.carriers.email import Mail
from upstander.carriers.models import Channel
from upstander.carriers.push import Push
from upstander.carriers.signatures import Dated, Keyed, Said, Signing
from upstander.carriers.twilio import Twilio
from upstander.rulefiles import RuleFileWrong, RuleType, once, read_rules


class Kind(NamedTuple):
    """A kind of provider: what it can carry, and how it signs what it reports; None: it doesn't."""

    carries: frozenset[str]
    #: What its entry can't do without.
    needs: tuple[str, ...] = ()
    signs: Signing | None = None
    #: Hosts to which its pictures may lead on, by the end of their names.
    pictures: tuple[str, ...] = ()
    #: How it differs from Twilio's API: its addresses don't end in ".json", and it is asked by
    #: "Bearer" and the token, without the account's name.
    bearer: bool = False


#: What can be sent as keys: those of a phone, and half a second's wait.
_KEYS: Final = frozenset("0123456789*#w")
_PHONE: Final = frozenset({Channel.SMS, Channel.VOICE})
_ACCOUNT: Final = ("base_url", "account", "token_file", "from_number")
KINDS: Mapping[str, Kind] = {
    "twilio": Kind(
        _PHONE,
        _ACCOUNT,
        Keyed("X-Twilio-Signature"),
        pictures=(".twilio.com", ".twiliocdn.com", ".amazonaws.com"),
    ),
    "signalwire": Kind(
        _PHONE,
        (*_ACCOUNT, "signing_key_file"),
        Keyed("X-SignalWire-Signature"),
        pictures=(".signalwire.com", ".amazonaws.com"),
    ),
    "telnyx": Kind(
        frozenset({Channel.VOICE}),
        (*_ACCOUNT, "public_key"),
        Dated("Telnyx-Signature-Ed25519", "Telnyx-Timestamp"),
        bearer=True,
    ),
    "smtp": Kind(frozenset({Channel.EMAIL})),
    "anymail": Kind(frozenset({Channel.EMAIL}), ("backend",)),
}


def signature_headers() -> frozenset[str]:
    """Return the headers by which providers sign: all that the public gate has to let through."""
    return frozenset(
        name for kind in KINDS.values() if kind.signs is not None for name in kind.signs.headers
    )


class ProviderEntry(RuleType, frozen=True, kw_only=True):
    """One ``[[provider]]`` of the file; secrets stand in files of their own, beside it."""

    name: Annotated[
        str,
        Meta(
            pattern=r"\A(?=.*[^-])(?:[^\W_]|-){1,30}\Z",
            description="a name of letters, digits and hyphens only, at most 30",
        ),
    ]
    kind: str = "twilio"
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
        kind = KINDS.get(self.kind)
        if kind is None:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {self.kind!r}")
        if self.channels is not None and not self.channels <= kind.carries:
            raise ValueError(f"{self.kind} carries {', '.join(sorted(kind.carries))} only")
        for key in kind.needs:
            if not getattr(self, key):
                raise ValueError(f"{key} is missing")


class Line(RuleType, frozen=True, kw_only=True):
    """One ``[[line]]`` of the file: a number of ours to which reporters write, and may call."""

    #: As ``+12035550123``.
    number: Annotated[str, Meta(pattern=r"\A\+[1-9][0-9]{6,14}\Z")]
    #: Whose number it is: a ``[[provider]]`` that carries texts.
    provider: str
    #: Whose reports come by it, by the district's name in addresses; empty: nobody knows yet.
    district: str = ""
    #: Whether it takes calls too: off unless the file says so.
    calls: bool = False
    #: The center's plain phone, which rings where no counselor's does.
    fallback: Annotated[str, Meta(pattern=r"\A(\+[1-9][0-9]{6,14})?\Z")] = ""
    #: The interpreters' service, and the file with the keys by which it knows us ("ww12345678#").
    interpreter: Annotated[str, Meta(pattern=r"\A(\+[1-9][0-9]{6,14})?\Z")] = ""
    interpreter_keys_file: str = ""


class ProvidersFile(RuleType, frozen=True):
    """The whole file."""

    provider: tuple[ProviderEntry, ...] = ()
    line: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        once((one.name for one in self.provider), "the name")
        once((one.number for one in self.line), "the number")
        known = {one.name for one in self.provider}
        for one in self.line:
            if one.provider not in known:
                raise ValueError(f"line {one.number}: there is no provider {one.provider!r}")
            if any(one.number == other.from_number for other in self.provider):
                raise ValueError(f"line {one.number}: staff answer pages there, nobody else")


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

    @property
    def bearer(self) -> bool:
        """Whether it is asked by the token alone."""
        return KINDS[self.kind].bearer

    def serves(self, address: str) -> bool:
        """Tell whether an address is this provider's own, to which its token may be shown."""
        own, its = urlsplit(self.base_url), urlsplit(address)
        return bool(its.hostname) and (own.scheme, own.netloc) == (its.scheme, its.netloc)

    def leads_to(self, address: str) -> bool:
        """Tell whether a picture of this provider may lie there; its token goes there never."""
        its = urlsplit(address)
        ends = KINDS[self.kind].pictures
        return its.scheme == "https" and f".{its.hostname or ''}".endswith(ends)

    def sign(self, path: str, form: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Return the header by which it would sign a form, for what it should have sent itself.

        Empty for a kind that signs by a key that only it has.
        """
        signs = KINDS[self.kind].signs
        if not isinstance(signs, Keyed):
            return {}
        return {signs.header: signatures.twilio(self.signing_key, self.callback_url + path, form)}

    def signed(self, said: Said) -> bool:
        """Tell whether it signed this. What a kind that reports nothing says, nobody said."""
        signs = KINDS[self.kind].signs
        return signs is not None and signs.holds(self, said)


def providers() -> tuple[Provider, ...]:
    """Return the providers in their order. Raises RuleFileWrong."""
    return _current()[0]


def lines() -> tuple[Line, ...]:
    """Return the lines to which reporters write, as the file has them. Raises RuleFileWrong."""
    return _current()[1]


def line_at(number: str, provider: str) -> Line | None:
    """Return a provider's line, or None where that number is none. Raises RuleFileWrong."""
    return next((o for o in lines() if o.number == number and o.provider == provider), None)


def interpreter_keys(line: Line) -> str:
    """Return what is pressed for the interpreters, "" for nothing. Raises RuleFileWrong."""
    folder = Path(settings.PROVIDERS or settings.HOME.root / "providers.toml").parent
    keys = _secret(line.interpreter_keys_file, folder)
    if not frozenset(keys) <= _KEYS:
        raise RuleFileWrong(line.interpreter_keys_file, "", "keys of a phone only, and w to wait")
    return keys


def _current() -> tuple[tuple[Provider, ...], tuple[Line, ...]]:
    file = Path(settings.PROVIDERS or settings.HOME.root / "providers.toml")
    try:
        seen = file.stat()
    except FileNotFoundError:
        return (), ()
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
def _load(file: Path, _mtime: int, _size: int) -> tuple[tuple[Provider, ...], tuple[Line, ...]]:
    read = read_rules(file, ProvidersFile)
    made = (_provider(one, file.parent) for one in read.provider)
    return tuple(sorted(made, key=lambda one: one.order)), read.line


def _provider(entry: ProviderEntry, folder: Path) -> Provider:
    token = _secret(entry.token_file, folder)
    common: dict[str, Any] = {
        "name": entry.name,
        "kind": entry.kind,
        "channels": KINDS[entry.kind].carries if entry.channels is None else entry.channels,
        "order": entry.order,
    }
    if Channel.EMAIL in KINDS[entry.kind].carries:
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
            raise RuleFileWrong(str(file), "", f"can be read by everyone here: chmod 600 {file}")
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RuleFileWrong(str(file), "", f"can't be read ({type(error).__name__})") from error
