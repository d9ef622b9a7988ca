"""A source's page: what a new entry says, what couldn't be read, and how a source goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup

from conftest import Cast
from upstander.audit.models import Entry as Recorded
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.directory.actions.applying import choose, say_yes
from upstander.directory.actions.importing import add_feed, delete_source
from upstander.directory.actions.keeping import confirm_service
from upstander.directory.actions.loading import load_services
from upstander.directory.fetching import NotAllowed
from upstander.directory.models import Organization, Service
from upstander.directory.sources import Incoming, Source
from upstander.directory.sweeps import sweep_feeds
from upstander.directory.tests.feeds import brought, feed, imported, own, service
from upstander.directory.tests.test_feeds import said
from upstander.directory.tests.test_importing import second

pytestmark = pytest.mark.django_db


def page(cast: Cast, source: Source) -> str:
    return cast.client("ada").get(f"/services/import/{source.pk}").content.decode()


def test_what_is_new_says_its_fields(cast: Cast) -> None:
    shown = page(cast, brought(cast.viewer("ada"), feed(service(1))))
    for words in (
        "Food for whoever comes.",
        "860-555-0100",
        "Who runs Pantry 1",
        "Invented Street",
    ):
        assert words in shown


def test_what_it_says_stands_in_words(cast: Cast) -> None:
    ada, one, phone = cast.viewer("ada"), service(1), "860-555-0199"
    source = imported(ada, feed(one))
    other = {**one, "phones": [{**one["phones"][0], "number": phone}]}
    again = [{**one["schedules"][0], "id": own("another")}]
    shown = page(cast, brought(ada, feed({**other, "schedules": again}, service(2)), source.pk))
    assert f"number: {phone}" in shown
    assert "city: Maple Valley" in shown
    assert f"id: {own('another')}" in shown, "nothing else of it differs"
    for program in ("{&quot;", own("phone", 1), own("address", 2)):
        assert program not in shown


def test_a_file_of_mistakes_alone_says_that_nothing_could_be_read(cast: Cast) -> None:
    source = brought(cast.viewer("ada"), [{"id": "no id"}])
    shown = page(cast, source)
    assert "Nothing could be read" in shown
    assert "Nothing changed" not in shown
    assert "wrong, and left out" in shown


def test_a_source_that_brought_nothing_can_be_deleted(cast: Cast) -> None:
    source = brought(cast.viewer("ada"), feed(service(1)))
    path = f"/services/import/{source.pk}"
    answer = cast.client("ada").post(path, {"act": "delete"})
    assert answer["Location"] == "/services/import"
    assert not Source.objects.exists()
    assert not Incoming.objects.exists()
    assert Recorded.objects.filter(action="delete source").count() == 1
    assert cast.client("ada").get(path).status_code == 404
    assert cast.client("ada").post(path, {"act": "delete"}).status_code == 404


def test_what_comes_without_a_need_is_counted_and_led_to(cast: Cast) -> None:
    """Also where the terms that lead to a need come by the same file."""
    load_services()
    ada = cast.viewer("ada")
    soup = {"id": own("term", "F"), "code": "F", "name": "Soup", "description": "Soup."}
    soup |= {"taxonomy": "T", "plain_need": "food"}
    tagged = {"id": own("attribute", 3), "taxonomy_term_id": soup["id"]}
    what = [soup, *feed(service(1), service(2), service(3, attributes=[tagged]))]
    source = brought(ada, what)
    words = " ".join(page(cast, source).split())
    assert "2 services that come have no need: families won’t find them by one" in words
    assert say_yes(ada, source.pk) is not None
    words = " ".join(page(cast, source).split())
    assert "2 services that it brought have no need: families won’t find them by one" in words
    listed = cast.client("ada").get("/services?need=none").content.decode()
    for number, stands in ((1, True), (2, True), (3, False)):
        slug = Service.objects.get(pk=own("service", number)).slug
        assert (f'href="/services/{slug}/edit#id_needs"' in listed) is stands
    main = BeautifulSoup(listed, "html.parser").main
    assert main is not None
    assert "988" not in main.get_text()


def test_one_that_brought_something_is_emptied_first_by_two(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(service(1), service(2)))
    with pytest.raises(Refused, match="stands here"):
        delete_source(ada, source.pk)
    assert "Take out all that it brought" in page(cast, source)
    cast.client("ada").post(f"/services/import/{source.pk}", {"act": "empty"})
    assert Service.objects.count() == 2
    first = page(cast, source)
    assert "two administrators must say yes" in first
    assert "Yes, take them out: the first yes of two" in first
    assert "Yes, import" not in first
    assert say_yes(ada, source.pk) is None
    abe = second(cast)
    last = cast.client("abe").get(f"/services/import/{source.pk}").content.decode()
    assert "Yes, take them out" in last
    assert "the first yes of two" not in last
    assert say_yes(abe, source.pk) == {"gone": 2}
    assert not Organization.objects.exists()
    delete_source(ada, source.pk)
    assert not Source.objects.exists()


def test_nobody_else_deletes_one(cast: Cast) -> None:
    source = brought(cast.viewer("ada"), feed(service(1)))
    for name in ("alice", "dee"):
        answer = cast.client(name).post(f"/services/import/{source.pk}", {"act": "delete"})
        assert answer.status_code in (403, 404)
    assert Source.objects.exists()


def test_a_feed_that_may_not_be_read_is_not_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = cast.viewer("ada")
    add_feed(ada, "A feed", "https://feeds.example/")
    with said(monkeypatch, NotAllowed("It leads into a private network.")):
        assert sweep_feeds() == 1
        assert not Source.objects.exists()
        assert Notice.objects.filter(person_id=ada.person_id, kind="source_refused").count() == 1
    key = add_feed(ada, "A feed", "https://feeds.example/")
    with said(monkeypatch, feed(service(1))):
        sweep_feeds()
    Source.objects.update(due_at=Source.objects.get().read_at)
    with said(monkeypatch, NotAllowed("It leads into a private network.")):
        sweep_feeds()
    assert Source.objects.get(pk=key).trouble == "It leads into a private network."


def planted(source: Source, **fields: Any) -> Incoming:
    key = own("service", "planted")
    record = service("planted") | {"organization_id": own("organization", own("service", 1))}
    del record["service_at_locations"]
    return Incoming.objects.create(
        source=source, kind="service", key=key, name="x", record=record, **fields
    )


#: What the database's owner can do by hand to what waits: a row, a word, who must agree.
BY_HAND: dict[str, Callable[[Source], object]] = {
    "a row": lambda source: planted(source, verdict="new"),
    "a word": lambda source: Incoming.objects.filter(kind="service").update(name="x"),
    "a row less": lambda source: Incoming.objects.filter(verdict="gone")[0].delete(),
    "one yes is enough": lambda source: Source.objects.update(shrinks=False),
    "the first yes": lambda source: Source.objects.update(first_yes=1),
}


@pytest.mark.parametrize("what", BY_HAND)
def test_what_waits_and_was_not_read_gets_no_yes(cast: Cast, what: str) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(*map(service, range(1, 6))))
    less = feed(service(1))
    brought(ada, less, source.pk)
    before = list(Service.objects.order_by("pk").values_list("pk", "record"))
    BY_HAND[what](source)
    for viewer in (ada, second(cast)):
        with pytest.raises(Refused, match="isn’t what was read"):
            say_yes(viewer, source.pk)
    assert list(Service.objects.order_by("pk").values_list("pk", "record")) == before
    brought(ada, less, source.pk)
    assert say_yes(ada, source.pk) is None
    assert say_yes(cast.viewer("abe"), source.pk) == {"gone": 4}


def test_nor_does_a_planted_dispute(cast: Cast) -> None:
    ada = cast.viewer("ada")
    source = imported(ada, feed(service(1), service(2)))
    confirm_service(Service.objects.get(pk=own("service", 1)), actor=ada)
    brought(ada, feed(service(1, name="Larder"), service(2)), source.pk)
    [one] = Incoming.objects.filter(kind="service")
    Incoming.objects.filter(pk=one.pk).update(record=(one.record or {}) | {"name": "Planted"})
    with pytest.raises(Refused, match="isn’t what was read"):
        choose(ada, source.pk, one.pk, theirs=True)
    Incoming.objects.filter(pk=one.pk).update(record=one.record)
    choose(ada, source.pk, one.pk, theirs=True)
    assert Service.objects.get(pk=one.key).record["name"] == "Larder"
