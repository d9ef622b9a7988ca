"""Every address of the desk × everybody of the cast × their own and a stranger's things.

The table of rights is in ``people/permissions.py``; this walks the URLconf itself, so that a page
added carelessly fails here without anybody having thought of it: closed unless it is opened by
name, 403 without the permission, 404 for a foreign row, and to strangers the sign-in page.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from conftest import Cast
from tests.access.every import CLOSED, FILLED, FOR_STRANGERS, OPEN, OWN_ROW, desk_addresses
from tests.access.things import BRIEF, WORDS, Side, make_sides, owners
from tests.addresses import Address, walk
from tests.databases import forget_pages, written_once
from tests.unrendered import unrendered
from upstander.cleaning.tests.streams import whole
from upstander.config import urls_public
from upstander.directory.actions.loading import load_services
from upstander.directory.cards import mark_of
from upstander.doors.tests.site import Site, site
from upstander.front import services
from upstander.people.models import WayIn
from upstander.people.permissions import GRANTED, Permission, Right
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.tips.actions.adult_links import make_link
from upstander.vault.models import SealedKey

__all__ = ["CLOSED", "FILLED", "OWN_ROW", "site"]
#: Where pages of one's own account lead.
OWN_PAGES = ("/", "/people/me", "/people/me/")


type World = tuple[Cast, dict[str, Side]]


@pytest.fixture(scope="module")
def world(
    _cast: bytes, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[World]:
    """The same story in two districts whose people have nothing to do with each other."""
    with written_once(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEMO", True)  # the outbox is a page of the demo only
        cast: Cast = pickle.loads(_cast)  # noqa: S301 - made by this run
        made = make_sides(cast, settings)
        for address in CLOSED:
            for side in made.values():
                unknown = set(address.converters) - side.values.keys()
                assert not unknown, f"{address.name}: let its app's walk make {unknown}"
            assert "pk" not in address.converters or address.name in OWN_ROW, address.name
        yield cast, made


@pytest.fixture
def cast(world: World, db: None) -> Cast:
    """All of both stories."""
    forget_pages()
    return world[0]


@pytest.fixture
def sides(world: World) -> dict[str, Side]:
    """What each story made, and whose it is."""
    return world[1]


def path_of(address: Address, values: dict[str, Any]) -> str:
    """Fill an address in with one side's things."""
    own = OWN_ROW.get(address.name)
    return address.path({**values, "pk": values[own]} if own else values)


def rights_of(cast: Cast, name: str) -> frozenset[Right]:
    """Return what somebody's roles allow."""
    roles = [Role(m.role) for m in cast.people[name].memberships.all()]
    if WayIn.objects.filter(person_id=cast.people[name].pk).exists():
        roles.append(Role.FORMER)
    return frozenset().union(*(GRANTED[role] for role in roles))


def allows(rights: frozenset[Right], address: Address) -> bool:
    permission: Right = address.view.permission  # type: ignore[attr-defined]
    return permission in rights


def theirs(name: str, address: Address, side: Side) -> bool:
    """Whether the thing that the address names is among somebody's own."""
    if address.name in ("mandated:proofs", "mandated:proof", "written:proof"):
        return name in {side.owes, side.values["watched_by"]}
    owned = owners()
    if address.name in owned:
        return name in owned[address.name](side.values)
    for named, whose in owned.items():
        if named in address.converters:
            return name in whose(side.values)
    return name == "ada"  # places and people, which only the administrator keeps


def own_pages(cast: Cast, name: str, side: Side) -> list[str]:
    """Return the addresses that somebody may open: who else may not, is asked below."""
    rights = rights_of(cast, name)
    return [
        path_of(one, side.values)
        for one in CLOSED
        if allows(rights, one) and (not one.converters or theirs(name, one, side))
    ]


def clients(cast: Cast) -> Iterator[tuple[str, Client]]:
    """Give a browser for each, but for those who are what somebody else is: Bea, Uma and Paul."""
    for name in (name for name in cast.people if name not in ("bea", "uma", "paul")):
        client = cast.client(name)
        client.raise_request_exception = True
        yield name, client


def test_every_view_is_closed_or_on_the_short_list_of_open_ones() -> None:
    unmarked = {
        address.name
        for address in desk_addresses()
        if not isinstance(getattr(address.view, "permission", None), Right)
    }
    assert unmarked == OPEN
    assert len(CLOSED) > 60


def ask_as_stranger(sides: dict[str, Side]) -> None:
    """Whoever has not signed in is sent to do so, from every address."""
    client = Client(HTTP_HOST="localhost")
    for side in sides.values():
        for address in CLOSED:
            path = path_of(address, side.values)
            answers = [client.get(path), client.post(path)]
            assert {answer.status_code for answer in answers} <= {302, 405}, address.name
            for answer in answers:
                sent_to = answer.headers.get("Location", "/account/login/")
                assert sent_to.startswith("/account/login/"), address.name
            assert 302 in {answer.status_code for answer in answers}, address.name
    for address in desk_addresses():
        if address.name in OPEN - FOR_STRANGERS:
            assert client.get(path_of(address, {"pk": 1})).status_code in (302, 404), address.name


@pytest.mark.slow
@pytest.mark.parametrize("unlocked", [True, False])
def test_without_a_team_key_own_account_alone_opens(
    cast: Cast, sides: dict[str, Side], unlocked: bool
) -> None:
    """Every page of every role: whoever came by a mailbox, or made a key of their own anew."""
    SealedKey.objects.filter(member__startswith="person:").delete()
    led_to = "/people/me/" if unlocked else "/people/unlock/"
    by_rights = {rights_of(cast, name): name for name in reversed(cast.people)}
    for name in by_rights.values():
        if WayIn.objects.filter(person_id=cast.people[name].pk).exists():
            continue  # whoever has left is in no team: their own reports are all they see
        client = cast.client(name, unlocked=unlocked)
        for address in CLOSED:
            path = path_of(address, sides["maple"].values)
            own = address.view.permission is Permission.OWN_ACCOUNT  # type: ignore[attr-defined]
            for send in (client.get,) if own else (client.get, client.post):
                answer = send(path)
                told = answer.headers.get("Location", "")
                if own:
                    assert answer.status_code in (200, 204, 405) or told in OWN_PAGES, path
                    assert WORDS.encode() not in answer.content
                elif answer.status_code != 405:
                    assert answer.status_code == 302, (name, path)
                    assert told.startswith(led_to), (name, path)
        with viewing(cast.viewer(name, unlocked=unlocked)), connection.cursor() as cursor:
            for table in ("tips_tip", "people_invitation"):
                with suppress(ProgrammingError), transaction.atomic():
                    cursor.execute(f"SELECT count(*) FROM {table}")
                    assert cursor.fetchone() == (0,), (name, table)


def all_rows_of(district: int) -> dict[str, str]:
    """Digest what each table holds of a district, so that no change goes unseen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'district_id'"
        )
        digests = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*) || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
                f" FROM {table} t WHERE district_id = %s",
                [district],
            )
            digests[table] = cursor.fetchone()[0]
        return digests


@pytest.mark.slow
def test_who_may_not_gets_403_and_whose_it_is_not_gets_404(
    cast: Cast, sides: dict[str, Side]
) -> None:
    """A 404 is rendered, since its view ran; of the 403s, each role's first, since none did."""
    before = {where: all_rows_of(side.values["district_id"]) for where, side in sides.items()}
    assert len(before["maple"]) > 15
    wrong = []
    ask_as_stranger(sides)
    asked: set[tuple[frozenset[Right], str]] = set()
    shown: set[frozenset[Right]] = set()
    for name, client in clients(cast):
        rights = rights_of(cast, name)
        for where, side in sides.items():
            for address in CLOSED:
                if not address.converters:
                    continue
                if may := allows(rights, address):
                    if theirs(name, address, side):
                        continue
                # Without the permission it is the same for all of a role, whatever they ask for.
                elif (rights, address.name) in asked:
                    continue
                else:
                    asked.add((rights, address.name))
                path = path_of(address, side.values)
                with nullcontext() if may or rights not in shown else unrendered():
                    answers = (("get", client.get(path)), ("post", client.post(path, FILLED)))
                shown |= set() if may else {rights}
                for method, answer in answers:
                    if not refused(answer, address, side, may=may):
                        wrong.append((name, method, where, address.name, answer.status_code))
                    assert WORDS.encode() not in answer.content
                    assert BRIEF.encode() not in answer.content
    assert wrong == []
    after = {where: all_rows_of(side.values["district_id"]) for where, side in sides.items()}
    assert after == before, "nothing of all that changed or recorded anything"


def refused(answer: Any, address: Address, side: Side, *, may: bool) -> bool:
    """Tell whether an answer to what is not one's own is as it should be."""
    if answer.status_code == 405:
        return True
    if not may:
        return bool(answer.status_code == 403)
    if answer.status_code in (302, 303) and "tip_id" in address.converters:
        # An action that was not sent, or is not whole, leads to the tip's page, which is 404.
        page = answer.headers["Location"].split("#")[0].split("?")[0]
        tip = side.values["tip_id"]
        leads_to = (f"/tips/{tip}", f"/team/{tip}", f"/tips/{tip}/911")
        return page in leads_to and page != path_of(address, side.values)
    return bool(answer.status_code == 404)


def ways_in(
    name: str, rights: frozenset[Right], sides: dict[str, Side]
) -> Iterator[tuple[Address, str, list[Side]]]:
    """Give what is somebody's to open: address, path, whose things it may show.

    An address that names nothing is one page for all sides, and is opened once.
    """
    for address in CLOSED:
        if not allows(rights, address):
            continue
        if not address.converters:
            yield address, path_of(address, {}), list(sides.values())
            continue
        for side in sides.values():
            if theirs(name, address, side):
                yield address, path_of(address, side.values), [side]


@pytest.mark.slow
def test_who_may_reaches_it(cast: Cast, sides: dict[str, Side]) -> None:
    """The other half: the 404s above are not those of addresses that are filled in wrongly.

    A page is rendered where its text is looked at, and once for each role. A list, which names no
    row in its address, holds nothing of a district whose tip is not theirs to see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, reference FROM tips_tip")
        references: dict[UUID, str] = dict(cursor.fetchall())
    wrong: list[tuple[object, ...]] = []
    reached: set[str] = set()
    rendered: set[tuple[frozenset[Right], str]] = set()
    posts: dict[str, tuple[Client, str]] = {}
    for name, client in clients(cast):
        rights = rights_of(cast, name)
        for address, path, meant in ways_in(name, rights, sides):
            if address.name == "poster" and "poster" in reached:
                continue  # once is enough: each is set anew as a PDF
            unread = [side for side in meant if name not in side.reads_tip]
            looked_at = bool(unread) or (rights, address.name) not in rendered
            with nullcontext() if looked_at else unrendered():
                answer = client.get(path)
            if answer.status_code == 405:
                posts.setdefault(address.name, (client, path))
                continue
            reached.add(address.name)
            rendered.add((rights, address.name))
            reads = not unread or "tip_id" not in address.converters
            if answer.status_code not in (200, 204, 302, 303) and (
                reads or answer.status_code != 403
            ):
                wrong.append((name, path, address.name, answer.status_code))
            text = whole(answer) if unread else b""
            assert WORDS.encode() not in text, (name, address.name)
            assert BRIEF.encode() not in text, (name, address.name)
            for side in () if address.converters else unread:
                tip = side.values["tip_id"]
                if name not in side.sees_tip:
                    assert str(tip).encode() not in text, (name, address.name)
                    # A brief carries the tip's number, which officers say on the phone; no more.
                    briefed = name in side.briefed and address.name == "emergency:briefs"
                    assert briefed or references[tip].encode() not in text, (name, address.name)
    # What is only sent is sent by the first who may, and taken back.
    for name, (client, path) in posts.items():
        before = connection.savepoint() or ""
        status = client.post(path, FILLED).status_code
        connection.savepoint_rollback(before)
        reached.add(name)
        if status not in (200, 204, 302, 303, 400, 409, 422):
            wrong.append((name, "post", path, status))
    assert wrong == []
    assert reached == {address.name for address in CLOSED}, "somebody may do each thing"


def test_the_public_sites_addresses_and_the_desks_share_no_view() -> None:
    views = {address.view for address in walk(urls_public.urlpatterns)}
    assert views.isdisjoint({address.view for address in desk_addresses()})
    assert all(not hasattr(view, "permission") for view in views), "no staff page is mounted there"


def test_no_public_view_asks_a_table(site: Site, settings: Any) -> None:
    """Each request runs as the public role, to which the database refuses every table."""
    load_services()
    services._kept.clear()
    settings.ANDROID_PACKAGE = settings.ANDROID_CERTIFICATE = "named"
    values = {"district": site.cast.maple.slug, "school": site.cast.cedar.slug, "look": "plain"}
    values |= {"mark": mark_of("crisis"), "rest": "services"}
    values["link"] = make_link(
        site.cast.viewer("tara"), district_id=site.cast.maple.pk, school_id=None, note="A driver"
    )
    for address in walk(urls_public.urlpatterns):
        if address.name.startswith(("carriers:", "door_texts:", "door_calls:")):
            continue  # signed or refused: attacked in carriers/tests, as the public role too
        # What programs ask for has one address in all languages.
        plain = address.name in ("healthz", "assetlinks") or address.route.startswith("/hsds")
        for prefix in ("",) if plain else ("", "/es", "/ar"):
            path = prefix + address.path(values)
            assert site.send(text=WORDS).status_code == 200
            assert site.get(path).status_code in (200, 302, 303, 403, 405), path
            sent = site.post(path, {"text": "More.", "code": "a b c", "awake": "yes"})
            assert sent.status_code in ((200, 400, 405) if plain else (200, 303, 405, 422)), path
