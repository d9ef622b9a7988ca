"""Files inside a form: spooled encrypted, and one that is refused never costs the words."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from upstander.tips import files, uploads
from upstander.tips.files import FileRefused, RefusalReason
from upstander.tips.spool import Spool
from upstander.tips.uploads import SpooledFile, SpooledUploads


def form(**fields: object) -> HttpRequest:
    request = RequestFactory().post("/report", {"text": "what happened", **fields})
    request.upload_handlers = [SpooledUploads(request)]
    return request


def sent(request: HttpRequest) -> list[SpooledFile]:
    found = request.FILES.getlist("file")
    assert all(isinstance(file, SpooledFile) for file in found)
    return found  # type: ignore[return-value]


def upload(size: int, name: str = "a.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, os.urandom(size))


def test_a_file_comes_through_a_spool_that_closes_with_the_request() -> None:
    data = os.urandom(300_000)
    request = form(file=SimpleUploadedFile("a.bin", data))
    (file,) = sent(request)
    assert isinstance(file.content, Spool)
    assert b"".join(file.chunks()) == data
    request.close()
    with pytest.raises(ValueError, match="closed"):
        list(file.content)


def test_a_file_too_big_or_too_many_never_costs_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    monkeypatch.setattr(uploads, "MOST_IN_A_FORM", 2)
    request = form(file=[upload(1001), upload(1000), upload(10)])
    assert request.POST["text"] == "what happened"
    big, right, many = sent(request)
    assert len(b"".join(right.chunks())) == 1000
    for file, reason in ((big, RefusalReason.TOO_BIG), (many, RefusalReason.TOO_MANY)):
        with pytest.raises(FileRefused) as refused:
            _ = file.content
        assert refused.value.reason is reason


def test_a_full_disk_never_costs_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_spool: Spool, _chunk: bytes) -> Iterator[bytes]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Spool, "write", full)
    request = form(file=upload(10))
    assert request.POST["text"] == "what happened"
    with pytest.raises(FileRefused) as refused:
        list(sent(request)[0].chunks())
    assert refused.value.reason is RefusalReason.NO_ROOM


def test_a_spool_that_comes_filled_is_not_spooled_again() -> None:
    with files.new_spool().fill([b"words"]) as spool:
        assert files._spooled(spool) is spool


def test_a_spool_that_is_too_big_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 4)
    with pytest.raises(FileRefused):
        files._spooled(files.new_spool().fill([b"words"]))
