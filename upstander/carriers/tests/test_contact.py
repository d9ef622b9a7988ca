"""One's own ways: added, proved by the code that came there, kept from everybody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from conftest import Cast
from tests.phones import Phones
from upstander.base.moment import database_second
from upstander.carriers import actions, queries
from upstander.carriers.digests import sweep_notices
from upstander.carriers.models import Channel, ContactMethod, Delivery
from upstander.carriers.sweeps import sweep_codes
from upstander.carriers.tests.lines import NUMBER, OTHER, a_way, as_worker
from upstander.people.scope import viewing

PHONE = {"form": "phone", "number": "(860) 555-0111", "use": "sms", "label": "work", "digit": ""}


def code_of(method: ContactMethod) -> str:
    method.refresh_from_db()
    return method.code


def test_a_number_is_proved_by_the_code_that_comes_there(cast: Cast, two: Phones) -> None:
    client = cast.client("tara")
    assert client.post("/me/contact/add", PHONE).status_code == 302
    method = ContactMethod.objects.get()
    assert (method.address, method.label) == (NUMBER, "work")
    with as_worker():
        kinds = [m.kind for m in queries.methods_of([method.person_id])[method.person_id]]
        assert kinds == ["email"], "what is not proved is not used"
        assert sweep_codes() == 1
        assert sweep_codes() == 0
    two.wait(lambda: bool(two.texts(NUMBER)))
    code = method.code
    assert code in two.texts(NUMBER)[0]
    page = client.get("/me/contact").content.decode()
    assert "… 0111" in page
    assert "8605550111" not in page
    assert "Not verified yet" in page
    client.post(f"/me/contact/{method.pk}/verify", {"code": f" {code[:3]} {code[3:]} "})
    method.refresh_from_db()
    assert method.verified_at is not None
    assert method.code == ""
    assert "Working" in client.get("/me/contact").content.decode()
    with as_worker():
        sweep_notices()
    assert "A new way to reach you was added: text message" in mail.outbox[-1].body


def test_a_call_needs_a_digit_of_ones_own(cast: Cast) -> None:
    client = cast.client("tara")
    assert client.post("/me/contact/add", {**PHONE, "use": "voice"}).status_code == 422
    client.post("/me/contact/add", {**PHONE, "use": "voice", "digit": "7"})
    assert ContactMethod.objects.get().digit == "7"


@pytest.mark.parametrize("number", ["", "911", "555", "abc", "+1", "860 555 0111 x 5", "1" * 25])
def test_what_is_no_number_is_not_taken(cast: Cast, number: str) -> None:
    answer = cast.client("tara").post("/me/contact/add", {**PHONE, "number": number})
    assert answer.status_code == 422
    assert not ContactMethod.objects.exists()


def test_wrong_codes_end_the_code(cast: Cast) -> None:
    viewer = cast.viewer("tara")
    method = actions.add_method(viewer, kind=Channel.SMS, address=NUMBER)
    right = code_of(method)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(actions.TRIES):
        with pytest.raises(actions.WrongCode):
            actions.verify_method(viewer, method.pk, wrong)
    with pytest.raises(actions.WrongCode):
        actions.verify_method(viewer, method.pk, right)
    with pytest.raises(actions.WrongCode):
        actions.verify_method(viewer, method.pk, "")
    assert code_of(method) == ""


def test_a_code_runs_out(cast: Cast) -> None:
    viewer = cast.viewer("tara")
    method = actions.add_method(viewer, kind=Channel.SMS, address=NUMBER)
    ContactMethod.objects.update(code_expires_at=database_second() - timedelta(seconds=1))
    with pytest.raises(actions.WrongCode):
        actions.verify_method(viewer, method.pk, code_of(method))
    with as_worker():
        sweep_codes()
    assert not Delivery.objects.exists(), "nor is it sent any more"


def test_a_code_counts_once(cast: Cast) -> None:
    viewer = cast.viewer("tara")
    method = actions.add_method(viewer, kind=Channel.SMS, address=NUMBER)
    code = code_of(method)
    actions.verify_method(viewer, method.pk, code)
    with pytest.raises(actions.WrongCode):
        actions.verify_method(viewer, method.pk, code)


@pytest.mark.parametrize(
    ("typed", "use", "status"),
    [
        ("sip:desk@voice.example.org", "voice", 302),
        ("sips:desk.7@10.0.0.4:5061", "voice", 302),
        ("sip:desk@voice.example.org", "sms", 422),
        ("sip:desk@voice.example.org?To=+18605550199", "voice", 422),
        ("sip:desk", "voice", 422),
    ],
)
def test_calls_come_to_a_sip_address_too(cast: Cast, typed: str, use: str, status: int) -> None:
    form = {**PHONE, "number": typed, "use": use, "digit": "7"}
    assert cast.client("alice").post("/me/contact/add", form).status_code == status
    found = ContactMethod.objects.first()
    assert (found.address if found else "") == (typed if status == 302 else "")


def test_codes_to_foreign_numbers_are_few(cast: Cast, two: Phones) -> None:
    """Whoever is signed in must not be able to have strangers' phones ring all night."""
    viewer = cast.viewer("tara")
    for at in range(actions.CODES_AN_HOUR):
        method = actions.add_method(viewer, kind=Channel.SMS, address=f"+1860555013{at}")
        with as_worker():
            sweep_codes()
        actions.remove_method(viewer, method.pk)
    with pytest.raises(actions.TooMany):
        actions.add_method(viewer, kind=Channel.SMS, address=OTHER)
    assert Delivery.objects.filter(purpose="verify").count() == actions.CODES_AN_HOUR
    Delivery.objects.update(attempted_at=database_second() - timedelta(hours=2))
    actions.add_method(viewer, kind=Channel.SMS, address=OTHER)


def test_the_same_number_twice_is_once(cast: Cast) -> None:
    client = cast.client("tara")
    for _ in range(2):
        client.post("/me/contact/add", PHONE)
    assert ContactMethod.objects.count() == 1


def test_two_people_do_not_share_a_number_for_texts(cast: Cast) -> None:
    """A reply could be either's, and "I have it" must be one person's word."""
    a_way(cast.people["tara"])
    tom = cast.viewer("tom")
    method = actions.add_method(tom, kind=Channel.SMS, address=NUMBER)
    with pytest.raises(actions.NumberTaken):
        actions.verify_method(tom, method.pk, code_of(method))
    method.refresh_from_db()
    assert method.verified_at is None
    shared = actions.add_method(tom, kind=Channel.VOICE, address=NUMBER, digit="3")
    actions.verify_method(tom, shared.pk, code_of(shared))


def test_nobody_keeps_or_sees_anothers_ways(cast: Cast) -> None:
    method = a_way(cast.people["tara"])
    for name in ("tom", "alice", "sam", "dee", "ada", "charlie"):
        viewer = cast.viewer(name)
        with viewing(viewer):
            assert not ContactMethod.objects.exists(), name
        for act in (actions.remove_method, actions.send_code):
            with pytest.raises(actions.NoSuchMethod):
                act(viewer, method.pk)
        client = cast.client(name)
        for what in ("remove", "code", "verify"):
            assert client.post(f"/me/contact/{method.pk}/{what}").status_code == 404
    method.refresh_from_db()
    assert method.verified_at is not None


def test_nobody_gives_another_a_way(cast: Cast) -> None:
    """By the database: a counselor's session can't plant a number of theirs with a team's lead."""
    from django.db import ProgrammingError  # noqa: PLC0415

    with pytest.raises(ProgrammingError, match="row-level security"), viewing(cast.viewer("alice")):
        a_way(cast.people["tara"])


def test_colleagues_see_channels_and_no_numbers(cast: Cast) -> None:
    a_way(cast.people["tara"])
    a_way(cast.people["charlie"], address=OTHER)
    ids = [cast.people["tara"].pk, cast.people["tom"].pk, cast.people["charlie"].pk]
    with viewing(cast.viewer("dee")):
        ways = queries.ways_of(ids)
    assert [ways[pk] for pk in ids] == [{"sms"}, frozenset(), frozenset()]


def test_a_way_that_is_removed_is_used_no_more_and_what_went_there_stays(
    cast: Cast, two: Phones
) -> None:
    from upstander.carriers.tests.lines import send  # noqa: PLC0415

    method = a_way(cast.people["tara"])
    send(method)
    cast.client("tara").post(f"/me/contact/{method.pk}/remove")
    assert not ContactMethod.objects.exists()
    assert Delivery.objects.count() == 1
    with as_worker():
        assert len(queries.methods_of([method.person_id])[method.person_id]) == 1
        sweep_notices()
    assert "was removed: text message" in mail.outbox[-1].body


def test_a_broken_way_is_mended_by_a_new_code(cast: Cast) -> None:
    method = a_way(cast.people["tara"])
    ContactMethod.objects.update(broken_at=database_second(), broken_reason="stopped")
    client = cast.client("tara")
    assert "You answered STOP" in client.get("/me/contact").content.decode()
    client.post(f"/me/contact/{method.pk}/code")
    client.post(f"/me/contact/{method.pk}/verify", {"code": code_of(method)})
    method.refresh_from_db()
    assert method.broken_at is None


def test_a_browser_is_taken_by_its_subscription(
    cast: Cast, phones: Phones, settings: object
) -> None:
    settings.PUSH_SERVICE = phones.url  # type: ignore[attr-defined]
    client = cast.client("tara")
    way = {"form": "push", "subscription": json.dumps(phones.subscribe(NUMBER)), "label": "mine"}
    assert client.post("/me/contact/add", way).status_code == 302
    with as_worker():
        sweep_codes()
    phones.wait(lambda: bool(phones.pushes(NUMBER)))
    code = ContactMethod.objects.get().code
    assert code in json.loads(phones.pushes(NUMBER)[0])["body"]
    evil = json.dumps({"endpoint": "http://127.0.0.1:5432/", "keys": {"p256dh": "a", "auth": "b"}})
    assert client.post("/me/contact/add", {**way, "subscription": evil}).status_code == 422


def test_no_address_stands_in_clear_anywhere(
    cast: Cast, two: Phones, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither in the database nor in what is logged, through adding, paging and a refusal."""
    client = cast.client("tara")
    client.post("/me/contact/add", {**PHONE, "label": "under the bed"})
    method = ContactMethod.objects.get()
    actions.verify_method(cast.viewer("tara"), method.pk, method.code)
    from upstander.carriers.tests.lines import send  # noqa: PLC0415

    send(method)
    two.behave(NUMBER, texts="refused")
    with as_worker():
        from upstander.carriers.sending import deliver  # noqa: PLC0415
        from upstander.carriers.tests.lines import a_page  # noqa: PLC0415

        deliver(method, a_page(method.person))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_name NOT LIKE 'django%'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            held = cursor.fetchone()[0] or ""
            for secret in ("5550111", "under the bed"):
                assert secret not in held, table
                assert secret.encode().hex() not in held, table
    out = capfd.readouterr()
    assert "5550111" not in out.out + out.err
