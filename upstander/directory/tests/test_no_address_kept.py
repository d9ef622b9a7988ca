"""Of what is confidential no address is kept, whoever typed it and wherever it came along."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.audit.models import Entry
from upstander.directory.actions.loading import load_services
from upstander.directory.models import Service
from upstander.directory.queries import facts_of
from upstander.directory.tests.test_editing import edit, filled, service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _services() -> None:
    load_services()


def traces() -> str:
    return str(list(Service.objects.values())) + str(list(Entry.objects.values("detail")))


def test_an_address_that_a_keeper_types_is_refused_and_not_kept(cast: Cast) -> None:
    answer = edit(cast, "interval-house", area_es="Calle Inventada 12")
    assert answer.status_code == 422
    assert "This looks like an address." in answer.content.decode()
    assert "Inventada" not in traces()


def test_nor_is_one_kept_that_came_with_what_no_card_shows(cast: Cast) -> None:
    row = service("interval-house")
    documents = [{"id": str(row.pk), "document": "Bring it to 12 Invented Street"}]
    Service.objects.filter(pk=row.pk).update(record=row.record | {"required_documents": documents})
    ada, path = cast.client("ada"), "/services/interval-house/edit"
    typed = filled(ada.get(path).content) | {"cost_en": "Nothing"}
    page = ada.post(path, typed, follow=True).content.decode()
    assert "taken out and not kept: look at required_documents[0].document." in page
    assert "Invented" not in page + traces()
    assert "Bring it to" in traces()


def test_what_has_an_open_door_may_say_where(cast: Cast) -> None:
    assert edit(cast, area_en="12 Invented Street").status_code == 302
    assert facts_of(service()).texts["en"]["area"] == "12 Invented Street"
