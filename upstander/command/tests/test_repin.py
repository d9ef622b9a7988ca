"""`upstander put-back` and `repin` as commands: with real recovery shares, wrong ones and none."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from upstander.command.tests.systems import made, upstander, with_django
from upstander.config.home import Home
from upstander.vault.recovery import split

__all__ = ["made"]

pytestmark = [pytest.mark.servers, pytest.mark.slow]

#: A team is stated anew, as the desk does it when somebody joins, and both sites see it.
STATE_ANEW = """
import django
django.setup()
from django.conf import settings
from django.db import transaction
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.people.models import Team
from upstander.people.statements import stated, state_as
with EmbeddedPostgres(Home.from_env()):
    subject = f"team:{Team.objects.get(kind='district').pk}"
    with transaction.atomic():
        [facts] = stated([subject]).values()
        state_as(subject, facts)
    with transaction.atomic():
        stated([subject])
    print(subject, settings.PINS.of(subject).counter)
"""
#: As the tables' owner, past the desk.
FORGET = """
import psycopg, sys
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home
home = Home.from_env()
with EmbeddedPostgres(home), psycopg.connect(conninfo_for(Role.OWNER, home)) as owner:
    owner.execute("DELETE FROM vault_signedstatement WHERE subject = %s", sys.argv[1:])
"""
#: What stands of it in the database, and what is pinned.
COUNTERS = """
import django, sys
django.setup()
from django.conf import settings
from upstander.command.postgres import EmbeddedPostgres
from upstander.config.home import Home
from upstander.vault.models import SignedStatement
with EmbeddedPostgres(Home.from_env()):
    pin = settings.PINS.of(sys.argv[1])
    print(*SignedStatement.objects.filter(subject=sys.argv[1]).values_list("counter", flat=True),
          pin.counter if pin else "unpinned")
"""


@pytest.fixture(scope="module")
def restored(
    made: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str, str]:
    """A restored system whose machine had seen a newer statement: folder, shares, subject."""
    (home, told), tmp_path = made, tmp_path_factory.mktemp("older")
    done = upstander(home, "backup", str(tmp_path / "system"), str(tmp_path / "keys"))
    assert done.returncode == 0, done.stderr
    anew = with_django(home, STATE_ANEW)
    assert anew.returncode == 0, anew.stderr
    subject, counter = anew.stdout.split()
    restored = tmp_path / "h"
    [system] = (tmp_path / "system").glob("*.tar")
    [shred] = (tmp_path / "keys").glob("upstander-shred-keys-*.tar")
    done = upstander(restored, "restore", str(system), str(shred))
    assert done.returncode == 0, done.stderr
    # The restored system goes by the pins of its own day, and nothing differs.
    stands, pinned = map(int, with_django(restored, COUNTERS, subject).stdout.split())
    assert pinned <= stands == int(counter) - 1
    assert differing(restored) == []
    # A machine that has seen more has pins of its own.
    shutil.copy(home / "pins" / subject, restored / "pins" / subject)
    shutil.rmtree(Home(restored).socket, ignore_errors=True)
    return restored, "\n".join(re.findall(r"share [12] +(\S+)", told)[:2]) + "\n", subject


@pytest.fixture
def older(restored: tuple[Path, str, str], tmp_path: Path) -> Iterator[tuple[Path, str, str]]:
    """A copy of it, for one test."""
    home, shares, subject = restored
    copy = shutil.copytree(home, tmp_path / "h")
    yield copy, shares, subject
    shutil.rmtree(Home(copy).socket, ignore_errors=True)


def differing(home: Path) -> list[str]:
    """What `doctor` finds of whom keys belong to."""
    told = upstander(home, "doctor").stdout
    return re.findall(r"^NOT WELL +who a key belongs to: (.+)$", told, re.MULTILINE)


def test_repin_takes_both_shares_of_a_place_here(older: tuple[Path, str, str]) -> None:
    home, shares, subject = older
    first, second = shares.split()
    foreign = split(secrets.token_bytes(32))
    [says] = differing(home)
    assert says == f"{subject}: it is missing, or older than what was seen here"
    for typed, answer in (
        ("", "The first share is not readable"),
        (first, "The second share is not readable"),
        (f"{first}\n{first}", "the same share twice"),
        (f"{first}\n{second[:-1]}", "The second share is not readable"),
        (f"{first}\n{foreign[1]}", "do not belong together"),
        ("\n".join(foreign), "These shares don’t belong to any place"),
    ):
        refused = upstander(home, "repin", typed=f"{typed}\n")
        assert refused.returncode == 1, typed
        assert answer in refused.stderr
        assert "Traceback" not in refused.stderr
    assert with_django(home, COUNTERS, subject).stdout.split()[1].isdecimal()
    assert differing(home) == [says], "nothing was given up"

    done = upstander(home, "repin", typed=f"{second}\n{first}\n")
    assert done.returncode == 0, done.stderr
    assert f"no longer pinned: {subject}\n1 pins given up." in done.stdout
    assert first not in done.stdout + done.stderr
    assert differing(home) == []
    assert with_django(home, COUNTERS, subject).stdout.split()[1] == "unpinned"
    again = upstander(home, "repin", typed=shares)
    assert "0 pins given up" in again.stdout
    assert upstander(home, "audit", "verify").returncode == 0, "the record knows of it"


def test_put_back_writes_what_was_seen(older: tuple[Path, str, str]) -> None:
    home, _, subject = older
    pinned = with_django(home, COUNTERS, subject).stdout.split()[-1]
    done = upstander(home, "put-back")
    assert done.returncode == 0, done.stderr
    assert f"put back: {subject}\n1 put back." in done.stdout
    assert with_django(home, COUNTERS, subject).stdout.split() == [pinned, pinned]
    assert differing(home) == []
    # One that is gone altogether, too.
    assert with_django(home, FORGET, subject).returncode == 0
    assert len(differing(home)) == 1
    assert "1 put back." in upstander(home, "put-back").stdout
    assert differing(home) == []
    assert "0 put back." in upstander(home, "put-back").stdout


def test_neither_runs_where_nothing_is_set_up(tmp_path: Path) -> None:
    for command in ("repin", "put-back"):
        refused = upstander(tmp_path / "none", command, typed="a\nb\n")
        assert refused.returncode == 1
        assert "nothing is set up" in refused.stderr
