"""A stolen database, its log and a dump tell no number that a child typed to be called."""

from __future__ import annotations

import secrets
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from conftest import Cast
from tests.attacks.test_stolen_database import SignIn, dump, everything_on_disk
from upstander.carriers.providers import Line
from upstander.desk.tests.tips import a_tip
from upstander.doors.call_models import CallBack
from upstander.doors.calls.sealing import open_wish
from upstander.doors.calls.wishes import take_back, wish_call
from upstander.vault.errors import VaultError


def test_no_number_is_in_the_dump_or_anywhere_on_disk_nor_opens_by_a_key_of_ours(
    committed_cast: Cast, real_database: SignIn
) -> None:
    # Drawn: numbers of examples stand in many files.
    number = f"+1860{2_000_000 + secrets.randbelow(8_000_000)}"
    when = f"zimtstern{uuid4().hex}"
    filed = a_tip(committed_cast)
    line = Line(number="+18605550170", provider="north", calls=True)
    wish_call(filed.session_token, line, number, when, once=uuid4())
    wish = CallBack.objects.get()
    assert wish.number is not None
    for key in (settings.CARRIER_KEY, settings.CODE_KEY, settings.CODE_PEPPER):
        with pytest.raises(VaultError):
            open_wish(key[:32], filed.tip_id, wish.pk, wish.number)
    sealed = bytes(wish.number).hex()
    before = dump()
    assert sealed.encode() in before
    take_back(filed.session_token)
    after = dump()
    assert sealed.encode() not in after, "it goes with the wish, not some day later"
    connection.close()
    with psycopg.connect(
        f"host={settings.HOME.socket} user=postgres dbname=postgres"
        f" password={(settings.HOME.passwords / 'superuser').read_text().strip()}",
        autocommit=True,
    ) as superuser:
        superuser.execute("CHECKPOINT")
    places = [("dump", before), ("dump", after), *everything_on_disk()]
    for word in (number, number[2:], when):
        for form in (word.encode(), word.encode().hex().encode(), word.encode("utf-16-le")):
            for place, content in places:
                assert form not in content, f"{word} is readable in {place}"
