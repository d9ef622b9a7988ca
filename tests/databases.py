"""The tests' own databases: copies of a model, and what the tests of one file share in theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from upstander.callouts import public as callout_sites
from upstander.command import testing
from upstander.config.database import Role as LoginRole
from upstander.config.database import conninfo_for
from upstander.front import services
from upstander.people import public
from upstander.vault import invitations, passwords

#: The database with all migrations and the cast in it, from which every other one is copied.
MODEL = "upstander_model"


@contextmanager
def written_once(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written first in this block, each test of a file finds; it is taken back after all.

    For a fixture of a module: each test has its own savepoint in it, and takes itself back. None of
    them may be the first to start a browser: Django has another connection from then on.
    """
    block = transaction.atomic()
    # So that the durable transactions of actions may open inside of it.
    block._from_testcase = True  # type: ignore[attr-defined]
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch, block:
        as_in_a_test(patch)
        yield
        transaction.set_rollback(True)


def as_in_a_test(patch: pytest.MonkeyPatch) -> None:
    """Set up what each test has, for what is written before the first of a file."""
    quicken_passwords(patch)
    testing.own_pins(patch)


def forget_pages() -> None:
    """Give up what the reporter's site keeps for a while of places, services and who goes out."""
    public._kept.clear()
    services._kept.clear()
    callout_sites.forget()


def quicken_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Argon2id cost next to nothing."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 1024)
    monkeypatch.setattr(passwords, "PASSES", 1)
    monkeypatch.setattr(invitations, "_MEMORY_KIB", 1024)


def owner_connection() -> psycopg.Connection[tuple[Any, ...]]:
    """Sign in as who owns the tests' databases, outside of all of them."""
    admin = conninfo_for(LoginRole.OWNER, settings.HOME)
    return psycopg.connect(admin, dbname="postgres", autocommit=True)


@contextmanager
def copied(model: str = MODEL) -> Iterator[str]:
    """A database of the block's own, a copy of another that nobody has open; gives its name."""
    name = f"upstander_test_{uuid4().hex[:8]}"
    with owner_connection() as owner:
        owner.execute(f"CREATE DATABASE {name} TEMPLATE {model} STRATEGY file_copy".encode())
        owner.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC".encode())  # as in ours
    try:
        yield name
    finally:
        with owner_connection() as owner:
            drop(owner, name)


@contextmanager
def within(name: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let Django's connection be to another database, as long as the block lasts."""
    with blocker.unblock():
        usual = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        forget_pages()
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            forget_pages()


def drop(owner: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    """Drop a test's database, once the last closed connection's backend has gone too."""
    for _ in range(3):
        # The server waits for them for five seconds each time.
        with suppress(psycopg.errors.ObjectInUse):
            owner.execute(f'DROP DATABASE "{name}"'.encode())
            return
    owner.execute(f'DROP DATABASE "{name}"'.encode())
