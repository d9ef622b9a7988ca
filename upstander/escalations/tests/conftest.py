"""A database of its own for what must really commit: two connections, a worker's real process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from conftest import Cast, make_cast
from upstander.config.database import Role, conninfo_for, password_of
from upstander.config.home import Home
from upstander.escalations.tests.mail import MailServer
from upstander.places import public


@dataclass(frozen=True)
class OwnDatabase:
    """A clone of the test database in which everything that is written stays written."""

    name: str
    cast: Cast

    def sign_in(self, role: Role) -> psycopg.Connection[tuple[object, ...]]:
        """Connect as one of the real roles; close it."""
        return psycopg.connect(
            conninfo_for(role, Home.from_env()), dbname=self.name, autocommit=True
        )

    def environment(self) -> dict[str, str]:
        """Return what a process of our own needs to work on this database."""
        server = settings.DATABASES["default"]
        return {
            "PATH": os.environ["PATH"],
            "UPSTANDER_HOME": os.environ["UPSTANDER_HOME"],
            "DATABASE_URL": f"postgresql://localhost:{server['PORT']}/{self.name}"
            f"?host={server['HOST']}",
        }


@pytest.fixture
def own_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[OwnDatabase]:
    """Give a clone of the test database with the named cast in it, committed."""
    name = f"own_{os.getpid()}"
    base = connection.settings_dict["NAME"]
    maintenance = psycopg.connect(
        host=connection.settings_dict["HOST"],
        port=connection.settings_dict["PORT"],
        user=Role.OWNER.login,
        password=password_of(Role.OWNER, Home.from_env()),
        dbname="template1",
        autocommit=True,
    )
    with django_db_blocker.unblock():
        # A template must have no sessions.
        connection.close()
        maintenance.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        maintenance.execute(f"CREATE DATABASE {name} TEMPLATE {base}".encode())
        maintenance.close()
        connection.settings_dict["NAME"] = name
        try:
            public._kept.clear()
            yield OwnDatabase(name, make_cast())
        finally:
            connection.close()
            connection.settings_dict["NAME"] = base
            public._kept.clear()
            connection.ensure_connection()
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.close()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Give a mail server that can be told to refuse, or to keep silent."""
    server = MailServer()
    yield server
    server.stop()
