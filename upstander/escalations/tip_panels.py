"""This app's panels of the tip's page: how its alert stands, and the tasks that came of it.

Tips lie above this app, so the page is known by what is asked of it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from upstander.escalations.models import Task
from upstander.escalations.queries import AlertState, alert_states
from upstander.escalations.shown import alert_panel, people_of
from upstander.escalations.task_panel import open_tasks, show_tasks
from upstander.plug import gives, reads


class Page(Protocol):
    """A tip's page."""

    names: Mapping[int, str]
    found: dict[str, Any]

    @property
    def tip_id(self) -> UUID:
        """The tip's id."""

    @property
    def me(self) -> int:
        """The viewer's id."""

    def want(self, people: Iterable[int | None]) -> None:
        """Ask for people's names."""


def read_alert(page: Page) -> AlertState | None:
    """Find the tip's alert."""
    alert = alert_states([page.tip_id]).get(page.tip_id)
    if alert:
        page.want(people_of(alert.alert_id))
    return alert


@reads(read_alert, within=True)
@gives("alert")
def alert(page: Page) -> dict[str, Any]:
    """Who was tried, how, and what comes next."""
    found: AlertState | None = page.found["alert"]
    return {"alert": alert_panel(found.alert_id, page.names, me=page.me) if found else None}


def read_tasks(page: Page) -> list[Task]:
    """Find the tip's open tasks."""
    found = open_tasks([page.tip_id])
    page.want(task.taken_by for task in found)
    return found


@reads(read_tasks, within=True)
@gives("tasks")
def tasks(page: Page) -> dict[str, Any]:
    """Whom to call, and what to say."""
    return {"tasks": show_tasks(page.found["tasks"], page.names, me=page.me)}
