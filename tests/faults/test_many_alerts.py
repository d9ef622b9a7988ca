"""Promise 5, somebody is asked in time: many alerts at once, and whoever sends is killed."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable

import pytest

from tests.faults.mail import MailServer
from tests.faults.paging import OwnDatabase, Worker, many_alerts
from tests.waiting import until_all
from upstander.config.database import Role
from upstander.escalations.models import Alert

pytestmark = [pytest.mark.servers, pytest.mark.slow]

#: What befalls the sender once so many mails lie at the mail server.
FATES = {1: "die", 2: "refuse", 3: "drop", 4: "die", 6: "die", 7: "drop", 8: "die"}


class _Sending:
    """Two workers, and alerts that wait for them; who dies is started anew."""

    def __init__(
        self, database: OwnDatabase, mail: MailServer, start: Callable[..., Worker]
    ) -> None:
        self.database, self.mail, self.start = database, mail, start
        self.workers = [start(), start()]
        self.deaths = 0

    def die(self) -> None:
        """Kill both, of which one sends: the mail server has its mail, and has not said so."""
        for worker in self.workers:
            os.kill(worker.pid, signal.SIGKILL)
        self.deaths += 1

    def done(self) -> int:
        """Return how many alerts have a page that went out, and let time pass."""
        if dead := [place for place, one in enumerate(self.workers) if one.poll() is not None]:
            # The time of who held a claim is over, before anybody else begins.
            self.database.let_leases_expire()
        for place in dead:
            self.workers[place] = self.start()
        with self.database.sign_in(Role.OWNER) as owner:
            # For what is to be tried again; who holds a claim keeps it.
            owner.execute(
                "UPDATE escalations_page SET due_at = now() WHERE state = 'due' AND due_at > now()"
                " AND step_number = 1 AND attempts < 5"
            )
            # And whoever answered none of the first mails gets one a minute: that passes too.
            owner.execute("UPDATE escalations_line SET fold_at = now() WHERE fold_at > now()")
            row = owner.execute(
                "SELECT count(DISTINCT alert_id) FROM escalations_page WHERE state = 'sent'"
            ).fetchone()
        return int(row[0]) if row else 0

    def all_are_told(self, alerts: list[Alert]) -> None:
        """Wait until all alerts have a page; each is in a mail, and few are in two."""
        assert until_all(self.done, len(alerts), pause=0.3) == len(alerts)
        # One mail tells of many, so that each is in one of them.
        names, told, twice = {alert.reference for alert in alerts}, set[str](), 0
        for message in self.mail.got:
            parts = [one for one in message.walk() if not one.is_multipart()]
            text = "".join(bytes(one.get_payload(decode=True)).decode() for one in parts)
            of = {name for name in names if name in f"{message['Subject']} {text}"}
            assert of, "a mail about nothing"
            twice += bool(of & told)
            told |= of
        assert told == names
        # What was under way when somebody died, or its connection dropped, goes out once more.
        assert twice <= 24 * self.deaths + self.mail.dropped


def test_a_thousand_alerts_have_a_page_each_though_senders_die(
    own_database: OwnDatabase, mail_server: MailServer, start_worker: Callable[..., Worker]
) -> None:
    alerts = many_alerts(own_database.cast, 1000)
    sending = _Sending(own_database, mail_server, start_worker)

    def befalls(number: int) -> str:
        fate = FATES.get(number, "")
        if fate == "die":
            sending.die()
        return fate

    mail_server.befalls = befalls
    sending.all_are_told(alerts)
    assert len(mail_server.got) >= max(FATES)
    assert sending.deaths == list(FATES.values()).count("die")


@pytest.mark.soak
def test_thousands_of_alerts_have_a_page_each_under_random_faults(
    own_database: OwnDatabase,
    mail_server: MailServer,
    start_worker: Callable[..., Worker],
    lots: random.Random,
) -> None:
    alerts = many_alerts(own_database.cast, 5000)
    sending = _Sending(own_database, mail_server, start_worker)

    def befalls(_number: int) -> str:
        [fate] = lots.choices(["die", "refuse", "drop", ""], [2, 8, 5, 85])
        if fate == "die":
            sending.die()
        return fate

    mail_server.befalls = befalls
    sending.all_are_told(alerts)
