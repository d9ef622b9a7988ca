"""Workers on a database of the test's own, and alerts for them; shared by the tests of paging."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection

from conftest import Cast
from tests.servers import SOURCE
from upstander.base.moment import database_now
from upstander.config.database import Role
from upstander.config.environment import machine_clock
from upstander.escalations.models import Alert, Step
from upstander.matters.models import Matter

type Worker = subprocess.Popen[bytes]
type Owner = psycopg.Connection[tuple[Any, ...]]
type SignIn = Callable[[Role], Owner]


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
            **machine_clock(),
            "UPSTANDER_HOME": os.environ["UPSTANDER_HOME"],
            "DATABASE_URL": f"postgresql://localhost:{server['PORT']}/{server['NAME']}"
            f"?host={server['HOST']}",
        }

    def let_leases_expire(self) -> None:
        """Let the time of those who hold a claim pass."""
        with self.sign_in(Role.OWNER) as owner:
            owner.execute("UPDATE escalations_page SET lease_until = now() - interval '1 s'")


def run_worker(environment: dict[str, str], mail_port: int, *, code: str = "") -> Worker:
    """Start the real worker, or ``code`` with a worker's rights."""
    return subprocess.Popen(
        [sys.executable, "-c", code]
        if code
        else [sys.executable, "-m", "upstander.command.worker"],
        cwd=SOURCE,
        env=environment
        | {
            "UPSTANDER_PROCESS": "worker",
            "UPSTANDER_SMTP_HOST": "127.0.0.1",
            "UPSTANDER_SMTP_PORT": str(mail_port),
        },
        stderr=subprocess.DEVNULL,
    )


def many_alerts(cast: Cast, count: int) -> list[Alert]:
    """Open life-safety alerts of Birch's team all at once: a step now, one in three minutes."""
    now = database_now()
    matters = Matter.objects.bulk_create(
        Matter(id=uuid4(), district_id=cast.maple.pk) for _ in range(count)
    )
    alerts = Alert.objects.bulk_create(
        Alert(
            id=uuid4(),
            subject_id=uuid4(),
            matter_id=matter.pk,
            reference=f"B{number:04d}-KQ",
            district_id=cast.maple.pk,
            priority="life_safety",
            opened_at=now,
            stage="school",
            holders=[cast.teams["birch"].holder],
            school_id=cast.birch.pk,
            situation="soon",
        )
        for number, matter in enumerate(matters)
    )
    Step.objects.bulk_create(
        Step(
            alert_id=alert.pk,
            district_id=alert.district_id,
            number=number,
            target="holders",
            due_at=now + timedelta(seconds=after),
            after_seconds=after,
            repeat_seconds=3600,
        )
        for alert in alerts
        for number, after in ((1, 0), (2, 1800))
    )
    return alerts
