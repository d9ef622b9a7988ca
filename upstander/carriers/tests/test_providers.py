"""The providers' file: read whole, refused with a reason, and each kind's own signature."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from upstander.carriers import providers
from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel
from upstander.carriers.providers import carriers_for
from upstander.carriers.signatures import Said
from upstander.carriers.signatures import twilio as twilio_signature
from upstander.carriers.tests.lines import write_providers
from upstander.rulefiles import RuleFileWrong

NORTH: dict[str, Any] = {
    "name": "north",
    "kind": "twilio",
    "base_url": "https://api.example/2010-04-01",
    "account": "AC1",
    "from_number": "+18605550199",
}


def test_without_a_file_mail_goes_by_the_settings_and_nothing_else_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PROVIDERS", str(tmp_path / "none.toml"))
    assert [one.name for one in carriers_for(Channel.EMAIL)] == ["mail"]
    assert carriers_for(Channel.SMS) == []


def test_they_are_tried_in_their_order_and_on_their_channels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_providers(
        tmp_path,
        monkeypatch,
        {**NORTH, "order": 2},
        {**NORTH, "name": "south", "order": 1, "channels": ["sms"]},
        {"name": "post", "kind": "smtp", "host": "mail.example", "port": 587},
    )
    assert [one.name for one in carriers_for(Channel.SMS)] == ["south", "north"]
    assert [one.name for one in carriers_for(Channel.VOICE)] == ["north"]
    assert [one.name for one in carriers_for(Channel.EMAIL)] == ["post"]
    assert "a-token" not in repr(providers.providers())


def test_a_changed_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_providers(tmp_path, monkeypatch, dict(NORTH))
    assert len(carriers_for(Channel.SMS)) == 1
    write_providers(tmp_path, monkeypatch, dict(NORTH), {**NORTH, "name": "south"})
    assert len(carriers_for(Channel.SMS)) == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "pigeon"}, "kind is"),
        ({"name": "no/slash"}, "letters, digits"),
        ({"account": ""}, "account is missing"),
        ({"token_file": "nowhere"}, "can't be read"),
        ({"channels": ["email"]}, "carries"),
        ({"kind": "telnyx"}, "telnyx carries|public_key"),
        ({"kind": "signalwire"}, "signing_key_file"),
        ({"acount": "AC1"}, "unknown entries"),
    ],
)
def test_what_is_wrong_in_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], why: str
) -> None:
    given = {**NORTH, **change}
    if "/" in given["name"]:
        (tmp_path / "no").mkdir()
    write_providers(tmp_path, monkeypatch, given)
    with pytest.raises(RuleFileWrong, match=why):
        providers.providers()


def test_a_token_that_everybody_can_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_providers(tmp_path, monkeypatch, dict(NORTH))
    (tmp_path / "north.token").chmod(0o644)
    with pytest.raises(RuleFileWrong, match="chmod 600"):
        providers.providers()


def test_a_mail_service_by_its_own_interface(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "postmark.key").write_text("a-key")
    (tmp_path / "postmark.key").chmod(0o600)
    write_providers(tmp_path, monkeypatch)
    (tmp_path / "providers.toml").write_text(
        '[[provider]]\nname = "post"\nkind = "anymail"\nbackend = "postmark"\n'
        'secrets = { server_token = "postmark.key" }\n'
    )
    backend = carriers_for(Channel.EMAIL)[0]._backend()  # type: ignore[attr-defined]
    assert (type(backend).__module__, backend.server_token) == (
        "anymail.backends.postmark",
        "a-key",
    )


def test_twilios_signature_is_the_one_of_its_documentation() -> None:
    """The worked example of twilio.com/docs/usage/security (also in its libraries' tests)."""
    form = {
        "CallSid": ["CA1234567890ABCDE"],
        "Caller": ["+14158675309"],
        "Digits": ["1234"],
        "From": ["+14158675309"],
        "To": ["+18005551212"],
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twilio_signature("12345", url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_signalwire_signs_with_a_key_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "signing").write_text("a-signing-key")
    (tmp_path / "signing").chmod(0o600)
    write_providers(
        tmp_path, monkeypatch, {**NORTH, "kind": "signalwire", "signing_key_file": "signing"}
    )
    (one,) = providers.providers()
    form = {"MessageSid": ["SM1"]}
    good = twilio_signature("a-signing-key", f"{one.callback_url}/x", form)

    def signed(**headers: str) -> bool:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return one.signed(Said("/x", form, b"", given))

    assert signed(**{"X-SignalWire-Signature": good})
    assert not signed(**{"X-Twilio-Signature": good})
    with_token = twilio_signature(one.token, f"{one.callback_url}/x", form)
    assert not signed(**{"X-SignalWire-Signature": with_token})


@pytest.mark.parametrize("entry", [{"kind": "smtp"}, {**NORTH, "token": ""}])
def test_who_has_no_key_signs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: dict[str, Any]
) -> None:
    """Anybody can sign with an empty key: in the name of a mail server, or of an empty token."""
    write_providers(tmp_path, monkeypatch, {**entry, "name": "post"})
    [one] = providers.providers()
    form = {"From": ["+18605550123"], "Body": ["1"], "MessageSid": ["SM1"]}
    for url in (one.callback_url + "/carriers/post/sms", "/carriers/post/sms"):
        given = {"X-Twilio-Signature": twilio_signature("", url, form)}
        assert not one.signed(Said("/carriers/post/sms", form, b"", given))


def test_telnyx_signs_body_and_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    write_providers(
        tmp_path,
        monkeypatch,
        {**NORTH, "kind": "telnyx", "public_key": base64.b64encode(public).decode()},
    )
    (one,) = providers.providers()

    def signed(stamp: float, body: bytes = b"CallSid=1", said: bytes = b"CallSid=1") -> bool:
        at = str(int(stamp))
        signature = key.sign(at.encode() + b"|" + said)
        headers = {
            "Telnyx-Timestamp": at,
            "Telnyx-Signature-Ed25519": base64.b64encode(signature).decode(),
        }
        return one.signed(Said("/x", {}, body, headers))

    now = time.time()
    assert signed(now)
    assert not signed(now, body=b"CallSid=2")
    assert not signed(now - 301), "a replay"
    assert not one.signed(Said("/x", {}, b"", {}))


def test_the_token_goes_to_the_provider_and_to_nobody_it_points_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_providers(tmp_path, monkeypatch, dict(NORTH))
    seen: list[dict[str, Any]] = []

    def request(self: requests.Session, method: str, url: str, **how: Any) -> Any:
        seen.append(how | {"url": url})
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", request)
    with pytest.raises(CarrierError):
        carriers_for(Channel.SMS)[0].ask("SM1")
    assert seen[0]["url"] == "https://api.example/2010-04-01/Accounts/AC1/Messages/SM1.json"
    assert seen[0]["allow_redirects"] is False
    assert settings.PUBLIC_URL


def test_whatever_reports_signs_it() -> None:
    for name, kind in providers.KINDS.items():
        assert (kind.signs is not None) is not (Channel.EMAIL in kind.carries), name
