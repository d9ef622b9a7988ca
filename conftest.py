"""The named cast of the tests: two centers, three districts, and in every test an outsider."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as property_tests
from playwright.sync_api import Browser, Playwright, expect
from pytest_django import DjangoDbBlocker

from tests import kinds
from tests.databases import MODEL, copied, forget_pages, owner_connection, quicken_passwords, within
from tests.forms import SendsForms
from tests.servers import FirstStart, first_start, of_the_run
from tests.together import SHARING, Together
from tests.waiting import PATIENCE
from upstander.base.moment import database_now
from upstander.command import prepared_tests, testing
from upstander.config.database import Role as LoginRole
from upstander.config.database import conninfo_for
from upstander.people import factories, sessions
from upstander.people.models import Person, Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import Center, District, School
from upstander.schema.apply import migrate
from upstander.vault.models import ShredFile
from upstander.vault.two_places import settle

#: Also for an app's own tests, which know no layer above the app: a login role to attack as.
__all__ = ["Cast", "LoginRole", "conninfo_for", "database_now", "make_cast"]

# Property tests judge what comes out, not how busy the machine is, and every run sees the same
# examples. A test that names the checks it suppresses names this one too.
property_tests.register_profile(
    "same_each_run",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
# `make soak` goes on searching, from a number that it prints.
property_tests.register_profile(
    "searching",
    property_tests.get_profile("same_each_run"),
    derandomize=False,
    max_examples=500,
    print_blob=True,
)
property_tests.load_profile("same_each_run")
# How fast a page is, `make bench` measures; here a busy machine must not look like a fault.
expect.set_options(timeout=1000 * PATIENCE)


@dataclass
class Cast:
    """Lakeside's center serves Maple Valley and Pine Hills; Northern's serves Harbor."""

    center: Center
    maple: District
    pine: District
    harbor: District
    cedar: School
    birch: School
    aspen: School
    quay: School
    teams: dict[str, Team]
    people: dict[str, Person]
    keys: factories.Keys = field(repr=False)

    def viewer(self, name: str, *, unlocked: bool = True) -> Viewer:
        """Sign one of the cast in."""
        return factories.viewer(self.people[name], self.keys, unlocked=unlocked)

    def client(self, name: str, *, unlocked: bool = True) -> Client:
        """Return a browser in which one of the cast is signed in with both factors."""
        person = self.people[name]
        Authenticator.objects.get_or_create(
            user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}}
        )
        client = SendsForms(HTTP_HOST="localhost")
        client.force_login(person)
        seed = self.keys.people[person.pk] if unlocked else None
        client.cookies[sessions.COOKIE] = sessions.begin(person, seed, complete=True)
        return client


#: name → (team, role). Charlie and Cora are the strangers: another district's, another center's.
_ROLES = {
    "alice": ("lakeside", Role.COUNSELOR),
    "bea": ("lakeside", Role.COUNSELOR),
    "sam": ("lakeside", Role.CENTER_SUPERVISOR),
    "tara": ("cedar", Role.TEAM_LEAD),
    "tom": ("cedar", Role.TEAM_MEMBER),
    "uma": ("cedar", Role.TEAM_MEMBER),
    "bob": ("birch", Role.TEAM_MEMBER),
    "dee": ("maple", Role.DISTRICT_LEAD),
    "pia": ("pine", Role.DISTRICT_LEAD),
    "paul": ("aspen", Role.TEAM_MEMBER),
    "charlie": ("quay", Role.TEAM_MEMBER),
    "cora": ("northern", Role.COUNSELOR),
    "ada": ("administration", Role.ADMINISTRATOR),
    "otto": ("maple_police", Role.OFFICER),
}


def make_cast() -> Cast:
    """Make the cast as the database's owner."""
    keys = factories.Keys()
    center = Center.objects.create
    lakeside = center(name="Lakeside Crisis Center", slug="lakeside", callback_phone="555-0100")
    northern = center(name="Northern Crisis Center", slug="northern")
    district = partial(District.objects.create, state="us-ct")
    maple = district(center=lakeside, name="Maple Valley", slug="maple-valley")
    pine = district(center=lakeside, name="Pine Hills", slug="pine-hills")
    harbor = district(center=northern, name="Harbor", slug="harbor")
    cedar = School.objects.create(district=maple, name="Cedar Middle School", slug="cedar")
    birch = School.objects.create(district=maple, name="Birch High School", slug="birch")
    aspen = School.objects.create(district=pine, name="Aspen High School", slug="aspen")
    quay = School.objects.create(district=harbor, name="Quay School", slug="quay")
    team = factories.make_team
    teams = {
        "lakeside": team(TeamKind.CENTER, "Lakeside counselors", keys, center=lakeside),
        "northern": team(TeamKind.CENTER, "Northern counselors", keys, center=northern),
        "cedar": team(TeamKind.SCHOOL, "Cedar's team", keys, district=maple, school=cedar),
        "birch": team(TeamKind.SCHOOL, "Birch's team", keys, district=maple, school=birch),
        "aspen": team(TeamKind.SCHOOL, "Aspen's team", keys, district=pine, school=aspen),
        "quay": team(TeamKind.SCHOOL, "Quay's team", keys, district=harbor, school=quay),
        "maple": team(TeamKind.DISTRICT, "Maple Valley office", keys, district=maple),
        "pine": team(TeamKind.DISTRICT, "Pine Hills office", keys, district=pine),
        "administration": team(TeamKind.ADMINISTRATION, "System", keys),
        "maple_police": team(TeamKind.POLICE, "Maple Valley police", keys, district=maple),
    }
    people = {name: factories.make_person(name.capitalize(), keys) for name in _ROLES}
    for name, (team_name, role) in _ROLES.items():
        factories.join(people[name], teams[team_name], role, keys)
    factories.sign_what_stands()
    return Cast(lakeside, maple, pine, harbor, cedar, birch, aspen, quay, teams, people, keys)


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Start a real browser once a process.

    Chromium without its own windows if there is one: it opens a page at a quarter of the price.
    """
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        pytest.fail("These tests need a browser: install Debian's `chromium-headless-shell`.")
    # Playwright keeps an event loop in this thread; Django would refuse a database in later tests.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    browser = playwright.chromium.launch(
        executable_path=program,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
        ],
    )
    browser.on("context", lambda context: context.set_default_timeout(1000 * PATIENCE))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def demo_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """A demo that was started from nothing and stopped: once for all processes of the run."""
    return first_start(of_the_run(tmp_path_factory))


@pytest.fixture(scope="session")
def demo_home(demo_start: FirstStart) -> Path:
    """The data folder of a demo that runs no more, to be copied."""
    return Path(demo_start.home)


@pytest.fixture
def cast(db: None, _cast: bytes) -> Cast:
    """The named cast, in a transaction that the test takes back."""
    forget_pages()
    return _again(_cast)


@pytest.fixture
def nobody(db: None) -> None:
    """A system that nobody has set up yet: the cast is gone until the test ends."""
    tables = "places_center, people_person, vault_holderkey, vault_personkey, vault_sealedkey"
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def _again(cast: bytes) -> Cast:
    found: Cast = pickle.loads(cast)  # noqa: S301 - made by this run
    return found


@pytest.fixture(autouse=True)
def _real_role(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests of the test client run as the desk's own login role, not as the owner."""
    # Once, also where a test before put its settings back in another order than it took them.
    ours = dict.fromkeys(["conftest.AsStaff", *settings.MIDDLEWARE])
    monkeypatch.setattr(settings, "MIDDLEWARE", list(ours))


@pytest.fixture(autouse=True)
def _quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its full price would be most of many tests' time; the vault's own pay it."""
    if not request.path.is_relative_to(settings.BASE_DIR / "upstander" / "vault"):
        quicken_passwords(monkeypatch)


def pytest_xdist_auto_num_workers() -> int:
    """One a core: a wall clock beside as many others says nothing of what it measures."""
    return len(os.sched_getaffinity(0))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what shares a running system, then with what else is slow.

    Whatever begins last, the others wait for; and what shares a system can then be stopped.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    items.sort(key=lambda item: "system" not in getattr(item, "fixturenames", ()))
    items.sort(key=lambda item: not item.nodeid.startswith(SHARING))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Keep together, in one process, what shares running servers, and else each file."""
    return Together(config, log)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page in another language leaves it active in its thread; the next test starts anew."""
    yield
    translation.deactivate()


@pytest.fixture(params=["quick", "plain"])
def either_intake(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the test twice: with the intake's speed machinery and without (tips/speed)."""
    monkeypatch.setattr(settings, "PLAIN_INTAKE", request.param == "plain")


class AsStaff:
    """Take on ``upstander_signin`` for a request, as the desk's connection would have signed in."""

    def __init__(self, get_response: Callable[..., object]) -> None:
        self.get_response = get_response

    def __call__(self, request: object) -> object:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE upstander_signin")
        try:
            return self.get_response(request)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


@pytest.fixture(scope="session")
def _cast(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[bytes]:
    """Give the tests a copy of the model, and the cast that is in it.

    To make thirteen people's keys in each test was a third of the suite's time.
    """
    usual, own = connection.settings_dict["NAME"], "upstander_test"
    kept = settings.HOME.root / prepared_tests.CAST
    if not kept.exists():
        with django_db_blocker.unblock():
            _make_model()
    cast = kept.read_bytes()
    with django_db_blocker.unblock(), owner_connection() as owner:
        connection.close()
        owner.execute(f"CREATE DATABASE {own} TEMPLATE {MODEL} STRATEGY file_copy".encode())
        connection.settings_dict["NAME"] = own
        yield cast
        # It goes with its server, which ends with this process.
        connection.close()
        connection.settings_dict["NAME"] = usual


def _make_model() -> None:
    """Make the model from nothing, and keep it for later runs over the same sources."""
    usual = connection.settings_dict["NAME"]
    with owner_connection() as owner:
        owner.execute(f"CREATE DATABASE {MODEL}".encode())
    connection.settings_dict["NAME"] = MODEL
    migrate()
    settle(settings.SHRED_PLACES)
    # Just now, whenever a run takes up what was kept.
    ShredFile.objects.update(twice_at=datetime(2100, 1, 1, tzinfo=UTC))
    cast = pickle.dumps(make_cast())
    testing.empty_the_record()
    connection.close()  # PostgreSQL copies no database that anybody has open
    connection.settings_dict["NAME"] = usual
    with kinds.of_the_run():
        testing.keep_prepared(cast)


@pytest.fixture(scope="session")
def django_db_setup(_cast: bytes) -> None:
    """Take the place of pytest-django's own, which migrates once a process."""


@pytest.fixture(scope="module")
def model() -> str:
    """What a test's own database begins as. A file whose tests share a longer story makes it."""
    return MODEL


@pytest.fixture
def real_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, model: str
) -> Iterator[Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]]:
    """A database of the test's own in which commits are real, with the cast in it.

    Gives a function that signs in with a real login role. For attacks, races and crashes.
    """
    with copied(model) as name, within(name, django_db_blocker), ExitStack() as opened:

        def sign_in(role: LoginRole) -> psycopg.Connection[tuple[Any, ...]]:
            where = conninfo_for(role, settings.HOME)
            one = psycopg.connect(where, dbname=name, autocommit=True)
            opened.callback(one.close)
            return one

        yield sign_in


@pytest.fixture
def committed_cast(real_database: object, _cast: bytes) -> Cast:
    """The named cast in a database of its own, committed, for other connections to see."""
    return _again(_cast)
