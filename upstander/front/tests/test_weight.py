"""The first load of the form, as a browser on a slow line gets it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command

from upstander.base.languages import ENGLISH, LANGUAGES
from upstander.config.home import Home
from upstander.doors.recordings import folder_of, hash_of
from upstander.doors.tests.site import Site, text_of
from upstander.doors.web.aloud import lines
from upstander.front.bodies import Reader
from upstander.front.flood import Flood
from upstander.front.gate import Gate
from upstander.front.static import load_static
from upstander.front.tests.wire import ask
from upstander.people import factories
from upstander.places.models import School
from upstander.tips.tests.loops import apart

MOST_BYTES, MOST_REQUESTS = 12_000, 3
_NEEDED = re.compile(
    r'(?:<script[^>]* src|<link[^>]* href|<img[^>]* src|<audio[^>]* src)="(/[^"]*)"'
)


@pytest.mark.parametrize("hear", ["", "&hear=yes"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_weighs_at_most_12_kb_in_3_requests(
    site: Site, settings: Any, tmp_path: Path, language: str, hear: str
) -> None:
    path = f"{'' if language == ENGLISH.code else f'/{language}'}/report"
    settings.HOME = Home(tmp_path)
    folder_of(language).mkdir(parents=True)
    for text in lines(language):
        (folder_of(language) / f"{hash_of(text)}.wav").touch()
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    maple = site.cast.maple
    School.objects.bulk_create(
        School(district=maple, name=f"Public School No. {n} of the Valley", slug=f"ps-{n}")
        for n in range(60)
    )
    factories.sign_what_stands()
    files = load_static(settings.STATIC_ROOT, settings.STATIC_URL)
    at = Gate(WSGIHandler(), flood=Flood(), reader=Reader(tmp_path), static=files)

    page = site.get(f"{path}?d=maple-valley{hear}", **{"accept-encoding": "gzip, deflate, br"})
    unpack = brotli.decompress if page["Content-Encoding"] == "br" else gzip.decompress
    html = unpack(page.content).decode()
    assert "Public School No. 59" in html
    needed = _NEEDED.findall(html)
    assert 1 + len(needed) <= MOST_REQUESTS
    weight = len(page.content)
    # The form that is heard is opened from the other, whose files it has and no more.
    for address in () if hear else needed:
        got = apart(ask(at, address, headers={"accept-encoding": "gzip"}))
        assert got.status == 200, address
        weight += len(got.body)
    assert ('class="hear"' in html) == bool(hear)
    plain = text_of(site.get(f"{path}?d=maple-valley"))
    assert needed == _NEEDED.findall(plain)
    assert weight <= MOST_BYTES
