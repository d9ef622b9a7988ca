"""A case: who sees it, what stands in it for good, and what no one person can end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError
from django.http import Http404

from conftest import Cast
from upstander.cases.models import Case, CaseItem
from upstander.cases.opening import NewCase, open_case, open_the_case
from upstander.cases.timeline import add_item, read_items
from upstander.places.scope import Viewer, viewing


def begin(cast: Cast, who: str = "tara", **more: Any) -> UUID:
    """Open a case for Cedar's team."""
    values: dict[str, Any] = {
        "concern": Case.Concern.WELLBEING, "why": "A teacher is worried.",
        "team_id": cast.teams["cedar"].pk,
    } | more  # fmt: skip
    return open_case(cast.viewer(who), NewCase(**values))


def sees(viewer: Viewer, case: UUID) -> bool:
    try:
        with viewing(viewer):
            return Case.objects.filter(pk=case).exists()
    except ProgrammingError:  # no right on the table at all
        return False


@pytest.mark.django_db
def test_its_team_sees_it_and_nobody_else(cast: Cast) -> None:
    case = begin(cast)
    assert {n for n in cast.people if sees(cast.viewer(n), case)} == {"tara", "tom", "uma"}
    for name in ("tom", "uma"):
        opened = open_the_case(cast.viewer(name), case)
        add_item(opened, "note", {"words": f"From {name}."})
        with viewing(opened.viewer):
            assert read_items(opened)[-1].words == {"words": f"From {name}."}
    with pytest.raises(Http404):
        open_the_case(cast.viewer("bob"), case)
    assert CaseItem.objects.filter(case_id=case).count() == 3


@pytest.mark.django_db
def test_its_page_shows_what_stands_in_it(cast: Cast) -> None:
    case, tom = begin(cast), cast.client("tom")
    page = tom.get(f"/cases/{case}")
    assert page.status_code == 200
    assert b"A teacher is worried." in page.content
    for address, sent in (
        ("note", {"kind": "facts", "words": "By the gym, at noon."}),
        ("person", {"name": "A student of grade 7", "role": "in_need", "sure": "said"}),
        ("action", {"kind": "check_in", "words": "After lunch.", "owner": ""}),
    ):
        assert tom.post(f"/cases/{case}/{address}", sent).status_code == 302, address
    page = tom.get(f"/cases/{case}")
    for words in (b"By the gym", b"A student of grade 7", b"After lunch."):
        assert words in page.content
    assert case.hex[:8].encode() in tom.get("/cases?list=team").content
    assert b"Check in with the student" in tom.get("/cases?list=due").content
    assert cast.client("bob").get(f"/cases/{case}").status_code == 404
    assert case.hex[:8].encode() not in cast.client("bob").get("/cases").content
