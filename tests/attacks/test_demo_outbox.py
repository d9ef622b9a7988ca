"""The demo's outbox holds everybody's mail; the database gives each their own."""

from __future__ import annotations

from conftest import Cast
from upstander.carriers.models import OutboxMail
from upstander.people.scope import viewing

TIP = "http://localhost:8001/tips/0d0c3f4e-0000-4000-8000-000000000000"
MAILS = {
    "page": f"Please open {TIP} or answer at http://localhost:8001/a/abc",
    "notice": "Your shift begins at 8. http://localhost:8001/oncall",
    "team": "A tip came back: http://localhost:8001/team/0d0c3f4e",
    "invitation": "You are invited: http://localhost:8001/people/join/x-y/",
    "reset": "Choose a password: http://localhost:8001/account/password/reset/key/1-a/",
    "both": f"Join at http://localhost:8001/people/join/x-y/ and read {TIP}",
}


def seen(cast: Cast, name: str) -> set[str]:
    with viewing(cast.viewer(name)):
        return set(OutboxMail.objects.values_list("subject", flat=True))


def test_nobody_reads_anothers_mail(cast: Cast) -> None:
    tom = cast.people["tom"].email
    for subject, body in MAILS.items():
        OutboxMail.objects.create(to=tom, subject=subject, body=body, at="2026-01-01T00:00:00Z")
    assert seen(cast, "tom") == set(MAILS)
    for name in ("tara", "uma", "alice", "dee", "cora"):
        assert seen(cast, name) == set(), name
    assert seen(cast, "ada") == {"invitation", "reset"}
