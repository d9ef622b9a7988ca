"""A referral to advocates: nobody hears whether somebody came, unless the survivor allows it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import ProgrammingError, transaction
from django.test import Client

from conftest import Cast
from upstander.carriers.models import Notice
from upstander.directory.models import Service
from upstander.referrals import actions, agency
from upstander.referrals.due import SILENT
from upstander.referrals.models import Referral
from upstander.referrals.sweeps import sweep_silent_agencies
from upstander.referrals.tests.setup import contact, link, services, told
from upstander.retention.tests.setup import set_clock

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r'csrf-token"[^>]*|name="csrfmiddlewaretoken" value="[^"]*"|nonce[-=]"?[\w=-]+')
UNTOLD = "The advocates tell nobody whether somebody came."


@pytest.fixture
def referred(cast: Cast) -> tuple[UUID, actions.Told]:
    """Refer somebody to a confidential service, by an adult's word."""
    services()
    service = Service.objects.filter(confidential=True).order_by("slug")[0]
    one = contact(cast, needs=["sexual_assault"])
    return one, told(cast, one, service_id=service.pk, need="sexual_assault")


def read(cast: Cast, one: UUID) -> str:
    """Return the referrer's two pages, less what differs on each reading."""
    pages = [cast.client("alice").get(path) for path in (f"/contacts/{one}", "/contacts")]
    return _TOKEN.sub("", "".join(page.content.decode() for page in pages))


def says(words: str, said: str, **more: str) -> int:
    """Answer by the link that was mailed; returns the page's status."""
    page = Client(HTTP_HOST="localhost").post(
        f"/r/{link()}", {"words": words, "said": said, **more}
    )
    return page.status_code


def test_referrer_reads_the_same_whether_or_not_they_came(
    cast: Cast, referred: tuple[UUID, actions.Told]
) -> None:
    one, made = referred
    before = read(cast, one)
    assert UNTOLD in before
    assert says(made.words, "served") == 422, "they are asked for the yes first"
    assert Referral.objects.get().agency == ""
    assert says(made.words, "got") == 200
    assert says(made.words, "reached") == 422
    assert Referral.objects.get().agency == "got"
    assert read(cast, one) == before
    with pytest.raises(ProgrammingError, match="survivor's yes"), transaction.atomic():
        agency.answer(link(), "reached")
    assert says(made.words, "reached", allowed="yes") == 200
    assert "reached them" in read(cast, one)
    assert says(made.words, "got") == 200, "and the yes is taken back at any time"
    assert read(cast, one) == before


def test_silence_of_advocates_is_nobody_s_concern(
    cast: Cast, referred: tuple[UUID, actions.Told]
) -> None:
    row = Referral.objects.get()
    assert (row.silent_at, row.mailbox) == (None, None), "their address is not kept"
    set_clock(row.made_at + 3 * SILENT + timedelta(minutes=1))
    assert sweep_silent_agencies() == 0
    assert len(mail.outbox) == 1
    assert not Notice.objects.filter(kind="agency_silent").exists()
    page = read(cast, referred[0])
    assert "has not answered" not in page
    assert UNTOLD in page


def test_answer_page_asks_advocates_alone_for_the_yes(
    cast: Cast, referred: tuple[UUID, actions.Told]
) -> None:
    asked = "Did they say that we may be told?"
    client = Client(HTTP_HOST="localhost")
    assert asked in client.post(f"/r/{link()}", {"words": referred[1].words}).content.decode()
    other = Service.objects.filter(confidential=False).order_by("slug")[0]
    made = told(cast, contact(cast), service_id=other.pk)
    assert asked not in client.post(f"/r/{link()}", {"words": made.words}).content.decode()
    assert says(made.words, "served") == 200
