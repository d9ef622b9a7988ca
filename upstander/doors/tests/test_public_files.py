"""Adding files on the reporter's site: what is kept, and what the page must say of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from upstander.cleaning.tests import samples
from upstander.doors.tests.site import Site, text_of
from upstander.tips import storage
from upstander.tips.actions.quarantine import quarantine_attachment
from upstander.tips.models import Attachment, Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.uploads import MOST_IN_A_FORM

AS_IT_CAME = "we could not take out what it may say about you"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of this test lie in a folder of its own."""
    monkeypatch.setattr(storage, "default_storage", storage.DurableFolder(location=tmp_path / "f"))


class Upload:
    """A file as a form sends it."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.data = name, data

    def read(self) -> bytes:
        """Return all of it, as Django's encoder asks."""
        return self.data


def add(site: Site, *files: Upload) -> str:
    """Send files to the conversation; return the page that answers."""
    body = encode_multipart(BOUNDARY, {"file": list(files)})
    answer = site.post_raw("/talk/file", body, MULTIPART_CONTENT)
    if answer.status_code == 303:
        answer = site.get(answer["Location"])
    assert answer.status_code in (200, 422)
    return text_of(answer)


def test_what_could_not_be_cleaned_is_said_to_the_reporter(site: Site) -> None:
    site.send("/r/cedar")
    add(site, Upload("photo.jpg", samples.jpeg()))
    assert AS_IT_CAME not in text_of(site.get("/talk/live"))
    add(site, Upload("chat.txt", b"She said it on Monday."))
    page = text_of(site.get("/talk/live"))
    assert page.count(AS_IT_CAME) == 1
    assert page.index("photo.jpg") < page.index("chat.txt") < page.index(AS_IT_CAME)
    spanish = text_of(site.get("/es/talk/live"))
    assert "no pudimos quitar lo que pueda decir sobre ti" in spanish


def test_files_too_many_cost_only_themselves(site: Site) -> None:
    site.send("/r/cedar")
    page = add(site, *(Upload(f"part{n}.txt", b"words") for n in range(MOST_IN_A_FORM + 2)))
    assert "File limit reached." in page
    assert "Your words were kept." in page
    assert Attachment.objects.count() == MOST_IN_A_FORM


def test_files_of_one_second_stand_as_they_were_sent(site: Site) -> None:
    """Their times are the same; who reads pictures of a chat reads them in this order."""
    site.send("/r/cedar")
    names = [f"chat-{n}.txt" for n in (5, 2, 7, 1, 8, 3)]
    add(site, *(Upload(name, b"words") for name in names))
    page = text_of(site.get("/talk/live"))
    assert sorted(names, key=page.index) == names
    opened = open_tip(site.cast.viewer("alice"), Tip.objects.get().pk)
    assert [file.about["name"] for file in read_contents(opened).files] == names


def test_a_file_that_was_shut_away_is_listed_without_its_name(site: Site) -> None:
    site.send("/r/cedar")
    add(site, Upload("her-picture.txt", b"words"))
    opened = open_tip(site.cast.viewer("alice"), Tip.objects.get().pk)
    quarantine_attachment(opened, Attachment.objects.get().pk)
    page = text_of(site.get("/talk/live"))
    assert "Your files" in page
    assert "her-picture" not in page
    assert AS_IT_CAME not in page
