"""What people are told beside alerts: together, in their language, in codes only."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers import digests as telling
from upstander.carriers import email, notices
from upstander.carriers.contract import CarrierError
from upstander.carriers.digests import sweep_notices
from upstander.carriers.models import ContactMethod, Notice
from upstander.carriers.sweeps import sweep_broken
from upstander.carriers.tests.lines import a_way, as_worker
from upstander.people.scope import viewing


def come_due(seconds: int = notices.GATHER) -> int:
    by = timedelta(seconds=seconds)
    Notice.objects.update(due_at=F("due_at") - by, sent_at=F("sent_at") - by)
    with as_worker():
        return sweep_notices()


def test_ten_things_are_one_message(cast: Cast) -> None:
    tara = cast.people["tara"]
    with as_worker():
        for at in range(10):
            notices.tell(tara.pk, "tip_waiting", {"reference": f"AAAA-{at:04}"})
        assert sweep_notices() == 0, "they wait for each other"
    assert come_due() == 1
    (message,) = mail.outbox
    first = message.body.splitlines()[0].split(". ")[0].rstrip(".")
    assert message.subject == f"{first} (and 9 more)", "two messages of ten are told apart"
    assert message.body.count("is waiting for your team") == 10


def test_a_storm_is_still_one_message_and_the_next_ones_wait(cast: Cast) -> None:
    tara = cast.people["tara"]
    with as_worker():
        for at in range(200):
            notices.tell(tara.pk, "tip_waiting", {"reference": f"AAAA-{at:04}"})
    come_due()
    with as_worker():
        notices.tell(tara.pk, "tip_waiting", {"reference": "BBBB-0001"})
    assert come_due() == 0
    assert come_due(notices.BETWEEN) == 1
    assert len(mail.outbox) == 2


def test_what_is_urgent_waits_for_nothing(cast: Cast) -> None:
    tara = cast.people["tara"]
    with as_worker():
        notices.tell(tara.pk, "tip_waiting", {"reference": "AAAA-0001"})
    come_due()
    with as_worker():
        notices.tell(tara.pk, "provider_down", {"provider": "north", "channel": "sms"})
        assert sweep_notices() == 1
    assert mail.outbox[-1].subject == "Provider north is down for text message"


def test_it_is_told_in_the_persons_language(cast: Cast) -> None:
    tara = cast.people["tara"]
    tara.language = "es"
    tara.save()
    with as_worker():
        notices.tell(tara.pk, "provider_down", {"provider": "north", "channel": "voice"})
        sweep_notices()
    assert "El proveedor north no funciona para llamada" in mail.outbox[0].body


def test_ids_become_names_only_when_it_is_sent(cast: Cast) -> None:
    team = cast.teams["cedar"]
    with as_worker():
        notices.tell(
            cast.people["tara"].pk,
            "gap",
            {"team": team.pk, "from": "2026-11-27T18:00-05:00", "to": "2026-11-28T06:00-05:00"},
        )
    assert "Cedar" not in str(Notice.objects.values().get())
    come_due()
    said = (
        "From Nov. 27, 2026, 6:00 p.m. to Nov. 28, 2026, 6:00 a.m., no one is on call for "
        "Cedar's team."
    )
    assert said in mail.outbox[0].body


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("no_such_kind", {}),
        ("gap", {"team": 1}),
        ("tip_waiting", {"reference": "Anna told me"}),
        ("tip_waiting", {"reference": "a@b.example"}),
        ("tip_waiting", {"reference": "x" * 61}),
    ],
)
def test_no_words_are_told(cast: Cast, kind: str, codes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"notice|code"):
        notices.tell(cast.people["tara"].pk, kind, codes)
    assert not Notice.objects.exists()


def test_every_kind_is_written_in_both_languages_with_the_same_codes() -> None:
    import string  # noqa: PLC0415

    for name, kind in notices.KINDS.items():
        fields = [
            {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for text in (kind.en, kind.es)
        ]
        assert fields[0] == fields[1], name


def test_a_desk_tells_colleagues_and_reads_nothing_back(cast: Cast) -> None:
    from django.db import ProgrammingError  # noqa: PLC0415

    with viewing(cast.viewer("tara")):
        notices.tell(
            cast.people["tom"].pk,
            "swap_asked",
            {"person": cast.people["tara"].pk, "at": "2026-11-27"},
        )
    with pytest.raises(ProgrammingError, match="permission denied"), viewing(cast.viewer("tara")):
        list(Notice.objects.all())
    with pytest.raises(ProgrammingError, match="row-level"), viewing(cast.viewer("tara")):
        notices.tell(cast.people["charlie"].pk, "taken_by_other", {"code": "H6K2"})


def test_one_that_could_not_be_sent_is_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_worker():
        notices.tell(cast.people["tara"].pk, "provider_down", {"provider": "n", "channel": "sms"})
    whole = email.Mail.send

    def away(*given: object) -> str:
        raise CarrierError("the mail server could not be used (OSError)")

    monkeypatch.setattr(email.Mail, "send", away)
    with as_worker():
        sweep_notices()
    monkeypatch.setattr(email.Mail, "send", whole)
    with as_worker():
        assert sweep_notices() == 0, "whoever took it has two minutes"
    assert come_due(120) == 1
    assert len(mail.outbox) == 1
    assert come_due(120) == 0


@pytest.fixture
def _away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*given: object) -> str:
        raise CarrierError("the mail server could not be used (OSError)")

    monkeypatch.setattr(email.Mail, "send", away)


@pytest.mark.usefixtures("_away")
def test_nobody_is_tried_for_ever_nor_given_up_for_one_long_absence(cast: Cast) -> None:
    with as_worker():
        notices.tell(cast.people["tara"].pk, "provider_down", {"provider": "n", "channel": "sms"})
    # Nobody worked for two days: that was no try.
    assert come_due(2 * 86_400) == 1
    assert Notice.objects.get().sent_at is None
    waits = []
    for _ in range(telling.TRIES - 1):
        waits.append((Notice.objects.get().due_at - database_second()).total_seconds())
        assert come_due(7200) == 1
    assert Notice.objects.get().sent_at is not None
    assert waits == sorted(waits), "less and less often"
    assert sum(waits) > 20 * 3600, "but for most of a day"
    assert come_due(7200) == 0


@pytest.mark.usefixtures("_away")
def test_what_takes_long_is_cut_and_whoever_was_not_come_to_is_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [cast.people[name].pk for name in ("tom", "uma", "tara")]
    with as_worker():
        for person in people:
            notices.tell(person, "provider_down", {"provider": "n", "channel": "sms"})
    monkeypatch.setattr(telling, "SWEEP_SECONDS", 0.0)
    with as_worker():
        assert [sweep_notices(), sweep_notices(), sweep_notices()] == [1, 1, 1]
        assert sweep_notices() == 0
    assert {row.tries for row in Notice.objects.all()} == {1}


def test_two_hundred_who_wait_for_a_bundle_hold_up_nothing_urgent(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_PEOPLE", 2)
    with as_worker():
        for name in ("tara", "tom"):
            notices.tell(cast.people[name].pk, "tip_waiting", {"reference": "AAAA-0001"})
    Notice.objects.update(due_at=F("due_at") - timedelta(hours=1))
    with as_worker():
        notices.tell(cast.people["uma"].pk, "provider_down", {"provider": "n", "channel": "sms"})
        sweep_notices()
    assert mail.outbox[0].to == [cast.people["uma"].email]


def test_a_broken_way_is_told_to_its_owner_and_their_lead(cast: Cast) -> None:
    method = a_way(cast.people["tom"])
    ContactMethod.objects.filter(pk=method.pk).update(
        broken_at=database_second(), broken_reason="bad_number"
    )
    with as_worker():
        assert sweep_broken() == 1
        assert sweep_broken() == 0
    told = {(n.person_id, n.kind) for n in Notice.objects.all()}
    assert told == {
        (cast.people["tom"].pk, "own_method_broken"),
        (cast.people["tara"].pk, "method_broken"),
    }
    come_due()
    texts = {message.to[0]: message.body for message in mail.outbox}
    assert "Tom can no longer be reached by text message" in texts[cast.people["tara"].email]


def test_nobody_who_has_left_is_told(cast: Cast) -> None:
    with as_worker():
        notices.tell(cast.people["tom"].pk, "provider_down", {"provider": "n", "channel": "sms"})
    cast.people["tom"].is_active = False
    cast.people["tom"].save()
    with as_worker():
        sweep_notices()
        assert sweep_notices() == 0
    assert mail.outbox == []


@pytest.mark.parametrize("kind", ["wide_exclusion", "second_allegation", "gone_since"])
@pytest.mark.parametrize(
    "detail", ["{}", '{"person": 1}', '{"person": [1], "many": {"a": 1}}', "[]"]
)
def test_one_that_cannot_be_written_holds_up_nothing_else(
    cast: Cast, kind: str, detail: str
) -> None:
    tara, uma = cast.people["tara"], cast.people["uma"]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO carriers_notice (person_id, kind, detail, due_at)"
            " VALUES (%s, %s, %s, now() - interval '1 hour')",
            [tara.pk, kind, detail],
        )
    with as_worker():
        for person in (tara, uma):
            notices.tell(person.pk, "provider_down", {"provider": "north", "channel": "sms"})
        sweep_notices()
    subjects = [one.subject for one in mail.outbox if uma.email in one.to]
    assert subjects == ["Provider north is down for text message"]
    assert any("Provider north" in one.body for one in mail.outbox if tara.email in one.to)


def test_that_a_second_person_is_needed_opens_the_tip_it_is_about(cast: Cast) -> None:
    tom, one = cast.people["tom"], {"reference": "AB3F-H6K2", "tip": str(uuid4())}
    for kind in ("second_opinion", "second_person"):
        assert notices.bundle(tom, [(kind, one)], urgent=True).link_path == f"/tips/{one['tip']}"
    # Of two tips none is the one; what was written before has no tip in it.
    two = [("second_opinion", one), ("second_opinion", one | {"tip": str(uuid4())})]
    assert notices.bundle(tom, two, urgent=True).link_path == "/team"
    old = [("second_opinion", {"reference": "AB3F-H6K2"})]
    assert notices.bundle(tom, old, urgent=True).link_path == "/team"
