"""Adding files: after the words are kept, and never at their cost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from upstander.cleaning.tests import samples
from upstander.doors.tests.site import WORDS, Site, code_in, hidden_in, text_of
from upstander.tips.models import Attachment, Talk, Tip

EDGE = "edge-of-a-part"
KIND = f"multipart/form-data; boundary={EDGE}"


@pytest.fixture(autouse=True)
def _files_folder(settings: Any, tmp_path: Path) -> None:
    default = settings.STORAGES["default"] | {"OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = settings.STORAGES | {"default": default}


def multipart(fields: dict[str, str], *files: tuple[str, bytes]) -> bytes:
    """A form with files as a browser sends it."""
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files:
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{EDGE}--\r\n".encode()


def test_a_photo_is_kept_and_the_code_stays_in_sight(site: Site) -> None:
    thanks = site.send()
    fields = hidden_in(text_of(thanks))
    response = site.post_raw("/talk/file", multipart(fields, ("gym.jpg", samples.jpeg())), KIND)
    assert response.status_code == 200
    assert code_in(response) == code_in(thanks)
    assert Attachment.objects.count() == 1
    assert "gym" in text_of(site.get("/talk/live"))


def test_from_the_conversation_it_goes_back_to_the_conversation(site: Site) -> None:
    site.send()
    response = site.post_raw("/talk/file", multipart({}, ("a.jpg", samples.jpeg())), KIND)
    assert response["Location"] == "/talk?said=file"
    assert "Your file was kept." in text_of(site.get("/talk?said=file"))


def test_a_file_that_is_refused_says_why_and_costs_no_word(site: Site) -> None:
    fields = hidden_in(text_of(site.send()))
    response = site.post_raw(
        "/talk/file", multipart(fields, ("a.jpg", samples.jpeg()[:200]), ("b.jpg", b"")), KIND
    )
    page = text_of(response)
    assert response.status_code == 422
    assert "This file was not kept." in page
    assert "Send a screenshot of it instead." in page
    assert "Your words were kept." in page
    assert code_in(response)
    assert Attachment.objects.count() == 0
    assert WORDS in text_of(site.get("/talk/live"))


def test_one_bad_file_does_not_cost_the_good_one(site: Site) -> None:
    fields = hidden_in(text_of(site.send()))
    site.post_raw("/talk/file", multipart(fields, ("a.jpg", b""), ("b.jpg", samples.jpeg())), KIND)
    assert Attachment.objects.count() == 1


def test_nothing_chosen_is_said_in_words(site: Site) -> None:
    fields = hidden_in(text_of(site.send()))
    response = site.post_raw("/talk/file", multipart(fields), KIND)
    assert response.status_code == 422
    assert "Choose the file again." in text_of(response)


def test_on_the_tile_about_nude_pictures_none_is_offered_and_none_taken(site: Site) -> None:
    thanks = text_of(site.send(tile="images"))
    assert 'type="file"' not in thanks
    assert "Never send nude or sexual pictures" in thanks
    response = site.post_raw("/talk/file", multipart({}, ("a.jpg", samples.jpeg())), KIND)
    assert "We can’t take pictures for this." in text_of(response)
    assert Attachment.objects.count() == 0


def test_every_other_tile_offers_it_with_the_warning(site: Site) -> None:
    page = text_of(site.send(tile="fight"))
    assert 'type="file"' in page
    assert re.search("<strong>Never send nude or sexual pictures", page)


def test_after_the_session_has_ended_the_code_in_the_page_opens_it_again(site: Site) -> None:
    fields = hidden_in(text_of(site.send()))
    Talk.objects.all().delete()
    response = site.post_raw("/talk/file", multipart(fields, ("a.jpg", samples.jpeg())), KIND)
    assert response.status_code == 200
    assert Attachment.objects.count() == 1


def test_without_a_conversation_no_file_is_taken(site: Site) -> None:
    response = site.post_raw("/talk/file", multipart({}, ("a.jpg", samples.jpeg())), KIND)
    assert response.status_code == 403
    assert Attachment.objects.count() == 0


def test_a_file_that_comes_with_the_form_itself_comes_after_the_words(site: Site) -> None:
    fields = {**site.form(), "text": WORDS}
    kept = site.post_raw("/report", multipart(fields, ("a.jpg", samples.jpeg())), KIND)
    assert code_in(kept)
    assert Attachment.objects.count() == 1
    fields = {**site.form(), "text": "Another."}
    refused = site.post_raw("/report", multipart(fields, ("a.jpg", b"\xff\xd8\xff\xe0")), KIND)
    assert code_in(refused)
    assert "This file was not kept." in text_of(refused)
    assert Tip.objects.count() == 2
