"""What the worker's fault tests need: a database in which commits are real, and a mail server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import connection

from conftest import Cast
from upstander.config.database import Role
from upstander.escalations.tests.mail import MailServer

type SignIn = Callable[[Role], psycopg.Connection[tuple[Any, ...]]]


@dataclass(frozen=True)
class OwnDatabase:
    """A database of the test's own, with the named cast in it."""

    cast: Cast
    sign_in: SignIn

    def environment(self) -> dict[str, str]:
        """Return what a process of our own needs to work on this database."""
        server = connection.settings_dict
        return {
            "PATH": os.environ["PATH"],
            "UPSTANDER_HOME": os.environ["UPSTANDER_HOME"],
            "DATABASE_URL": f"postgresql://localhost:{server['PORT']}/{server['NAME']}"
            f"?host={server['HOST']}",
        }


@pytest.fixture
def own_database(real_database: SignIn, committed_cast: Cast) -> OwnDatabase:
    """Give a database in which everything that is written stays written."""
    return OwnDatabase(committed_cast, real_database)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Give a mail server that can be told to refuse, or to keep silent."""
    server = MailServer()
    yield server
    server.stop()
