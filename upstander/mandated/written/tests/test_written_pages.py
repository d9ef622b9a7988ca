"""The written report on its pages: from draft to sent, and who may."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conftest import Cast
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices, right_now, typed_now
from upstander.mandated.written.models import Report
from upstander.mandated.written.tests.test_written import attached, reported, send

pytestmark = pytest.mark.django_db


def test_the_page_walks_from_draft_to_sent_without_losing_a_word(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast, words={"child_name": "Mia Vega"})
    client = cast.client("tess")
    at = f"/duties/{duty_id}/written"
    assert "Open the written report" in client.get(f"/duties/{duty_id}").content.decode()
    page = client.get(at).content.decode()
    assert 'value="Mia Vega"' in page
    fields = {"f_child_name": "Mia Vega", "f_nature": "Marks.", "f_race": ["white", "hispanic"]}
    wrong = client.post(at, {**fields, "f_noticed_on": "soon", "keep": "yes"})
    assert wrong.status_code == 422
    assert "Marks." in wrong.content.decode()
    client.post(at, {**fields, "f_noticed_on": "2026-03-02", "keep": "yes"})
    page = client.get(at).content.decode()
    assert 'value="2026-03-02"' in page
    assert page.count("checked") == 2
    assert attached(client.get(f"{at}/draft.pdf").content) == {}
    client.post(at, {**fields, "typed": "Tess", "sign": "yes"})
    report = Report.objects.get()
    text = attached(client.get(f"{at}/{report.pk}.pdf").content)["signed-report.txt"].decode()
    assert "Race and ethnicity: White, Hispanic" in text
    assert "Signed: Tess" in text
    assert hashlib.sha256(text.encode()).hexdigest() == report.digest
    assert send(client, duty_id, file=SimpleUploadedFile("fax.pdf", b"ok")).status_code == 302
    assert "fax.pdf" in client.get(at).content.decode()


def test_another_may_neither_sign_nor_send(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    for name in ("hana", "cleo", "tom", "charlie"):
        client = cast.client(name)
        for path in (f"/duties/{duty_id}/written", f"/duties/{duty_id}/written/sent"):
            now = typed_now()
            answer = client.post(path, {"sign": "yes", "typed": "Me", "at": now})
            assert answer.status_code == 404, (name, path)
    assert not Report.objects.exists()
    assert Duty.objects.get(pk=duty_id).written_at is None


def test_a_late_time_of_sending_is_taken_and_one_to_come_is_not(cast: Cast) -> None:
    offices(cast)
    duty_id = reported(cast)
    ahead = (timezone.localtime(right_now()) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    client = cast.client("tess")
    assert client.post(f"/duties/{duty_id}/written/sent", {"at": ahead}).status_code == 422
