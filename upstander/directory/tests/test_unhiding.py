"""What was hidden by its words alone: a person undoes it, and nothing hides it again unseen."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cast
from upstander.audit.models import Entry as Recorded
from upstander.base.refused import Refused
from upstander.directory.actions.hiding import unhide
from upstander.directory.actions.loading import load_services
from upstander.directory.models import Entry, Location, Organization, Service, TaxonomyTerm
from upstander.directory.tests.feeds import feed, imported, own, service
from upstander.directory.tests.test_importing import TERMS, tagged

pytestmark = pytest.mark.django_db


def row(number: int = 1) -> Service:
    return Service.objects.select_related("organization").get(pk=own("service", number))


def press(cast: Cast, slug: str, **sent: str) -> str:
    answer = cast.client("ada").post(f"/services/{slug}/unhide", sent, follow=True)
    return answer.content.decode()


def animals(**fields: Any) -> list[dict[str, Any]]:
    """A shelter of dogs, described with its street; an office next door has nothing to hide."""
    said = {"name": "Animal shelter", "description": "Dogs and cats. Come to 12 Invented Street."}
    return feed(service(1, **said | fields), service(2))


def test_a_shelter_of_animals_is_shown_with_its_place_once_somebody_says_so(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, animals())
    assert (row().confidential, row().organization.confidential) == (True, True)
    assert "It stays hidden" in press(cast, row().slug)
    assert row().confidential
    assert "It is hidden no more" in press(cast, row().slug, asked="yes")
    assert (row().confidential, row().withheld) == (False, False)
    assert not row().organization.confidential
    assert Entry.objects.filter(service=row()).exists()
    assert Recorded.objects.filter(action="unhide service").count() == 1
    imported(ada, animals(), source.pk)
    assert not row().confidential
    assert row().record["description"].endswith("12 Invented Street.")
    assert Entry.objects.get(service=row()).east is not None
    page = cast.client("ada").get(f"/services/{row().slug}").content.decode()
    assert "Is it hidden by mistake?" not in page


def test_other_words_hide_it_again_before_anything_is_kept(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, animals())
    unhide(row(), actor=ada)
    said = animals(description="For whoever flees violence. Ring at 12 Invented Street.")
    imported(ada, said, source.pk)
    assert (row().confidential, row().withheld) == (True, True)
    traces = str(list(Service.objects.values())) + str(list(Location.objects.values()))
    assert "12 Invented" not in traces
    assert "1 Invented" not in traces


def test_what_its_need_or_a_term_hides_stays_hidden(cast: Cast) -> None:
    load_services()
    ada = cast.viewer("ada")
    terms = imported(ada, TERMS)
    code = TaxonomyTerm.objects.get(code="V", taxonomy__source=terms)
    imported(ada, feed(tagged(1, str(code.pk))))
    for one in (row(), Service.objects.get(slug="interval-house")):
        with pytest.raises(Refused, match="hides it"):
            unhide(one, actor=ada)
        assert Service.objects.get(pk=one.pk).confidential
        assert "What it helps with hides it" in press(cast, one.slug, asked="yes")
    assert Service.objects.get(pk=row().pk).cleared == ""


def test_a_place_shared_with_a_shelter_stays_secret(cast: Cast) -> None:
    ada = cast.viewer("ada")
    one, other = service(1, name="Animal shelter"), service(2, name="Women\u2019s shelter")
    other["service_at_locations"][0]["location"] = one["service_at_locations"][0]["location"]
    source = imported(ada, feed(one, other))
    unhide(row(), actor=ada)
    imported(ada, feed(one, other), source.pk)
    assert not row().confidential
    assert row(2).confidential
    assert "1 Invented Street" not in str(list(Location.objects.values()))
    assert Organization.objects.filter(confidential=True).count() == 1


def test_nobody_else_undoes_it(cast: Cast) -> None:
    imported(cast.viewer("ada"), animals())
    for name in ("alice", "dee"):
        answer = cast.client(name).post(f"/services/{row().slug}/unhide", {"asked": "yes"})
        assert answer.status_code in (403, 404)
    assert row().confidential
