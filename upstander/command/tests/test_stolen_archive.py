"""A thief has the archive of the system, and nothing from the folder of its keys.

A real backup of a system with a phone, a second factor and somebody who is kept out. The thief
takes every file of the archive for a key, whole and in each 32 bytes of it, and tries each on the
dump. With the key archive beside it the same tries open all of it, so that they are real ones.
"""

from __future__ import annotations

import base64
import hmac
import re
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from upstander.command.postgres import program
from upstander.command.tests.systems import made, upstander, with_django
from upstander.vault import passwords
from upstander.vault.bound import bound
from upstander.vault.envelopes import bind, derive, unseal
from upstander.vault.errors import SealBroken
from upstander.vault.keyring import READERS
from upstander.vault.passwords import login_verifier

__all__ = ["made"]

pytestmark = [pytest.mark.servers, pytest.mark.slow]

PHONE, TOTP, TOKEN = "+12025550164", "JBSWY3DPEHPK3PXP", "of-the-provider-4711-0815"
NUMBER = bind("sms", PHONE)
#: Halves that are made to be shown.
PUBLIC = {"verify", "checkpoint-verify"}
#: What a guess costs a thief; other tests hash for less.
PRICE = {"MEMORY_KIB": passwords.MEMORY_KIB, "PASSES": passwords.PASSES}
#: What a thief tries as a passphrase.
GUESS = "correct horse battery staple"

KEEP_LEE_OUT = """
import sys, django
django.setup()
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from upstander.carriers.addresses import address_mac
from upstander.carriers.models import ContactMethod
from django.utils.timezone import now
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.people.keys import person_mac
from upstander.matters.models import Matter, Exclusion
from upstander.people.models import Person
with EmbeddedPostgres(Home.from_env()), transaction.atomic():
    lee = Person.objects.get(email="lee@example.org")
    lee.phone = sys.argv[1]
    lee.set_password(sys.argv[3])
    lee.save()
    Authenticator.objects.create(
        user=lee, type="totp", data={"secret": get_adapter().encrypt(sys.argv[2])})
    ContactMethod.objects.create(person=lee, kind="sms", address=sys.argv[1],
                                 address_mac=address_mac("sms", sys.argv[1]), created_at=now())
    matter = Matter.objects.create(district_id=1, restricted=True)
    Exclusion.objects.create(matter=matter, district_id=1, person_mac=person_mac(lee.pk))
"""


@dataclass(frozen=True)
class Loot:
    """What lies in stolen archives: every 32 bytes that could be a key, and the dump as text."""

    whole: frozenset[bytes]
    keys: frozenset[bytes]
    words: bytes
    sql: str

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return a table's rows, column by column, as the dump has them."""
        found = re.search(
            rf"^COPY public\.{table} \((.+?)\) FROM stdin;\n(.*?)^\\\.$",
            self.sql,
            re.MULTILINE | re.DOTALL,
        )
        assert found, table
        names = found[1].split(", ")
        lines = found[2].splitlines()
        return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def loot(scratch: Path, *archives: Path) -> Loot:
    """Unpack archives; what is small may be a key, hold one, or write one out."""
    for archive in archives:
        with tarfile.open(archive) as tar:
            tar.extractall(scratch, filter="data")
    dump = scratch / "database.dump"
    small = [
        file.read_bytes()
        for file in scratch.rglob("*")
        if file.is_file() and file != dump and file.stat().st_size < 2**16
    ]
    keys = {content[at : at + 32] for content in small for at in range(len(content) - 31)}
    keys |= {bytes.fromhex(key.decode()) for one in small for key in re.findall(HEX_KEY, one)}
    done = subprocess.run(
        [program("pg_restore"), "--file=-", str(dump)], check=True, capture_output=True, text=True
    )
    whole = frozenset(one for one in small if len(one) == 32)
    return Loot(whole, frozenset(keys), b"\n".join(small), done.stdout)


HEX_KEY = re.compile(rb"(?=([0-9a-f]{64}))")


def binary(text: str) -> bytes:
    """Return what a bytea of a dump holds."""
    return bytes.fromhex(text.removeprefix("\\\\x"))


def opens(key: bytes, blob: bytes, aad: bytes) -> str:
    """Return what opens by a key; nothing if it doesn't."""
    try:
        return unseal(key, blob, aad=aad).decode()
    except SealBroken:
        return ""


def opened(loot: Loot, verify: bytes) -> set[str]:
    """Try every key on everything; return what came of it."""
    found = set()
    [lee] = [one for one in loot.rows("people_person") if one["email"] == "lee@example.org"]
    [exclusion] = loot.rows("matters_exclusion")
    [factor] = loot.rows("mfa_authenticator")
    [contact] = loot.rows("carriers_contactmethod")
    secret = base64.b64decode(re.findall(r'"secret": *"([^"]+)"', factor["data"])[0])
    for key in loot.keys:
        tried = {
            "name": opens(key, binary(lee["name"]), bind("field", "people.person", "name")),
            "phone": opens(key, binary(lee["phone"]), bind("field", "people.person", "phone")),
            "second factor": opens(derive(key, "second factor"), secret, bind("second factor")),
            "who is kept out": bound(
                hmac.digest(key, b"person|" + lee["id"].encode(), "sha256"),
                UUID(exclusion["bound_to"]),
            )
            == binary(exclusion["person_mac"]),
            "whose number": hmac.digest(derive(key, "carrier address"), NUMBER, "sha256")
            == binary(contact["address_mac"]),
            "signs keys": public_of(key) == verify,
        }
        found |= {what for what, came in tried.items() if came}
    _, _, salt, verifier = lee["password"].split("$")
    for pepper in loot.whole:
        made = login_verifier(GUESS, salt.encode(), pepper)
        if base64.urlsafe_b64encode(made).decode().rstrip("=") == verifier:
            found.add("password")
    if TOKEN.encode() in loot.words:
        found.add("the provider's account")
    return found


def public_of(key: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()


ALL = {
    "name",
    "phone",
    "second factor",
    "who is kept out",
    "whose number",
    "signs keys",
    "password",
    "the provider's account",
}


def test_the_archive_of_the_system_alone_opens_no_name(
    made: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for what, price in PRICE.items():
        monkeypatch.setattr(passwords, what, price)
    home, _ = made
    done = with_django(home, KEEP_LEE_OUT, PHONE, TOTP, GUESS)
    assert done.returncode == 0, done.stderr
    (home / "providers.toml").write_text("# one, by a token of its own\n")
    (home / "north.token").write_text(TOKEN)
    done = upstander(home, "backup", str(tmp_path / "system"), str(tmp_path / "keys"))
    assert done.returncode == 0, done.stderr
    [system] = (tmp_path / "system").iterdir()
    verify = (home / "keys" / "verify").read_bytes()

    stolen = loot(tmp_path / "thief", system)
    assert opened(stolen, verify) == set()
    # Nor does any key file lie in it, whole, in part of another or written out.
    secret = {name: (home / "keys" / name).read_bytes() for name in READERS if name not in PUBLIC}
    assert [name for name, key in secret.items() if key in stolen.keys] == []
    assert PHONE not in stolen.sql

    both = loot(tmp_path / "both", system, *(tmp_path / "keys").glob("*.tar"))
    assert opened(both, verify) == ALL
