"""A case's files: cleaned, sealed under the case, never in clear on a disk, no stranger's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client

from conftest import Cast
from upstander.base.refused import Refused
from upstander.cases.actions.sharing import begin_inner
from upstander.cases.actions.timeline import read_items
from upstander.cases.actions.together import add_file, file_of, files_of
from upstander.cases.models import CaseItem
from upstander.cases.tests.story import begin, opened
from upstander.cleaning.tests.samples import WORDS, jpeg
from upstander.cleaning.tests.streams import whole
from upstander.people.scope import viewing


def stored() -> set[Path]:
    return set(Path(settings.MEDIA_ROOT).iterdir()) if Path(settings.MEDIA_ROOT).exists() else set()


@pytest.mark.django_db
def test_a_picture_is_kept_without_what_it_says_of_its_maker(cast: Cast) -> None:
    case, tom = begin(cast), cast.client("tom")
    before = stored()
    picture = SimpleUploadedFile("wall.jpg", jpeg(), "image/jpeg")
    response = tom.post(f"/cases/{case}/files", {"files": [picture], "seen_by": "all"})
    assert response.status_code == 302
    one = opened(cast, "uma", case)
    with viewing(one.viewer):
        (found,) = files_of(read_items(one))
    assert found.about["name"] == "wall.jpg"
    answer: Any = cast.client("uma").get(f"/cases/{case}/files/{found.id}")
    content = whole(answer)
    assert answer.status_code == 200
    assert content.startswith(b"\xff\xd8")
    assert WORDS.encode() not in content
    for path in stored() - before:
        assert b"\xff\xd8\xff" not in path.read_bytes()
    for name, status in (("bob", 404), ("dee", 404), ("charlie", 404), ("alice", 403)):
        assert cast.client(name).get(f"/cases/{case}/files/{found.id}").status_code == status


@pytest.mark.django_db
def test_what_only_some_see_is_no_file_of_others(cast: Cast) -> None:
    case = begin(cast, "tara")
    file = add_file(begin_inner(opened(cast, "tara", case)), "a.jpg", [jpeg()], inner=True)
    one = opened(cast, "tom", case)
    with viewing(one.viewer):
        entries = read_items(one)
    assert files_of(entries) == []
    with pytest.raises(Http404):
        file_of(one, entries, file.id)
    assert cast.client("tom").get(f"/cases/{case}/files/{file.id}").status_code == 404


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_and_nothing_is_kept(cast: Cast) -> None:
    case, before = begin(cast), stored()
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    client.cookies = cast.client("tom").cookies
    picture = SimpleUploadedFile("wall.jpg", jpeg(), "image/jpeg")
    assert client.post(f"/cases/{case}/files", {"files": [picture]}).status_code == 403
    stranger = Client(HTTP_HOST="localhost")
    assert stranger.post(f"/cases/{case}/files", {"files": [picture]}).status_code == 302
    assert stored() == before
    assert not CaseItem.objects.filter(kind="file").exists()


@pytest.mark.django_db
def test_a_file_that_can_not_be_written_down_is_not_left_behind(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, before = opened(cast, "tom", begin(cast)), stored()

    def closed(*_args: object, **_more: object) -> None:
        raise Refused("It was closed meanwhile.")

    monkeypatch.setattr("upstander.cases.actions.together.write_item", closed)
    with pytest.raises(Refused):
        add_file(one, "a.jpg", [jpeg()])
    assert stored() == before
