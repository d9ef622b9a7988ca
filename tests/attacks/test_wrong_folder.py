"""A folder of shred keys that is another one's, or of an older day, takes in no tip: in words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from conftest import Cast
from upstander.base.refused import Refused
from upstander.doors.tests.site import MIDDLEWARE, WORDS, Site, code_in, hidden_in, text_of
from upstander.doors.web import report, snapshot, talk_page
from upstander.matters.folders import new_folder
from upstander.matters.models import Folder
from upstander.people.scope import viewing
from upstander.tips.models import Tip
from upstander.vault.models import ShredFile
from upstander.vault.shred_files import ShredFiles

pytestmark = pytest.mark.slow


@pytest.fixture(params=["foreign", "stale", "lost"])
def wrong(request: pytest.FixtureRequest, committed_cast: Cast, tmp_path: Path) -> ShredFiles:
    """A folder by which nothing may be taken in."""
    folder = tmp_path / "shred"
    if request.param == "lost":
        return ShredFiles(folder)
    if request.param == "foreign":
        folder.mkdir(mode=0o700)
        ShredFiles(folder).make(1)
        return ShredFiles(folder)
    shutil.copytree(settings.SHRED_FILES.folder, folder)
    ShredFile.objects.create(
        version=2, made_at="2026-01-01T00:00Z", twice_at="2026-01-01T00:00Z", mark=b"m" * 16
    )
    ShredFile.objects.filter(version=1).update(closed_at="2026-01-01T00:10Z")
    return ShredFiles(folder)


@pytest.fixture
def site(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(settings, "ROOT_URLCONF", "upstander.config.urls_public")
    middleware = ["upstander.doors.tests.site.AsPublic", *MIDDLEWARE]
    monkeypatch.setattr(settings, "MIDDLEWARE", middleware)
    snapshot._last.clear()
    for shelf in (report.forms, talk_page.talks):
        shelf.clear()
    return Site(committed_cast)


def test_the_reporter_is_told_that_nothing_was_sent_and_keeps_every_word(
    site: Site, wrong: ShredFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {**site.form("/r/cedar"), "text": WORDS, "tile": "home", "trusted_adult": "Aunt Rosa"}
    with monkeypatch.context() as here:
        here.setattr(settings, "SHRED_FILES", wrong)
        response = site.post("/report", fields)
    page = text_of(response)
    assert response.status_code == 503
    assert "Nothing was sent." in page
    for kept in (WORDS, 'name="tile" value="home" checked', 'value="Aunt Rosa"', "tel:911"):
        assert kept in page
    assert not response.cookies
    assert not Tip.objects.exists()
    # The same page once more, by the right folder, is the tip.
    ShredFile.objects.filter(version=2).delete()
    ShredFile.objects.filter(version=1).update(closed_at=None)
    assert hidden_in(page)["token"] == fields["token"]
    assert code_in(site.post("/report", fields))
    assert Tip.objects.count() == 1


def test_the_desk_seals_nothing_by_it_either(
    committed_cast: Cast, wrong: ShredFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SHRED_FILES", wrong)
    alice = committed_cast.viewer("alice")
    with pytest.raises(Refused, match="not the current one"), viewing(alice):
        new_folder(alice, "case", district_id=committed_cast.maple.pk)
    assert not Folder.objects.exists()
