"""The demo's people can be reached, by providers that the product's own reader takes."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings

from upstander.carriers import providers, push
from upstander.carriers.models import Channel, ContactMethod
from upstander.carriers.queries import methods_of
from upstander.carriers.simulator import twiml
from upstander.command import demo_advocates, demo_callouts
from upstander.command.demo_phones import AT_PROVIDER, CENTER_PHONE, LINES, TEXT_LINE, give_phones
from upstander.config.home import Home
from upstander.people import factories
from upstander.people.models import Person

TOLD = dict.fromkeys(LINES, "one of the demo's")


@pytest.fixture
def people(db: None) -> list[Person]:
    people = [factories.make_person(email.partition("@")[0], factories.Keys()) for email in LINES]
    for person, email in zip(people, LINES, strict=True):
        Person.objects.filter(pk=person.pk).update(email=email)
    return people


def test_everybody_has_a_phone_that_the_carriers_take(
    people: list[Person], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path_factory.mktemp("demo"))
    monkeypatch.setattr(settings, "PROVIDERS", str(home.root / "providers.toml"))
    monkeypatch.setenv("UPSTANDER_PHONES_PORT", "8002")

    give_phones(home, TOLD)

    for channel in (Channel.SMS, Channel.VOICE):
        assert [carrier.name for carrier in providers.carriers_for(channel)] == ["north", "south"]
    ways = methods_of(person.pk for person in people)
    for methods in ways.values():
        assert sorted(method.kind for method in methods) == ["email", "push", "sms", "voice"]
    numbers = {m.address for methods in ways.values() for m in methods if m.kind == Channel.SMS}
    assert len(numbers) == len(LINES)
    assert all(number.startswith("+186055501") for number in numbers)
    digits = [m.digit for methods in ways.values() for m in methods if m.kind == Channel.VOICE]
    assert all(digit in "123456789" for digit in digits)
    assert (home.root / "phones.json").stat().st_mode & 0o077 == 0
    assert (home.root / "north.token").stat().st_mode & 0o077 == 0


def test_phones_of_crisis_teams_and_advocates_are_there() -> None:
    some = {email for _, email, *_ in (*demo_callouts.PEOPLE, *demo_advocates.PEOPLE)}
    assert some <= LINES.keys()


def test_at_another_port_the_notifications_follow_and_nothing_is_doubled(
    people: list[Person], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path_factory.mktemp("demo"))
    monkeypatch.setenv("UPSTANDER_PHONES_PORT", "8002")
    give_phones(home, TOLD)
    before = json.loads((home.root / "phones.json").read_bytes())
    first = set(ContactMethod.objects.values_list("pk", flat=True))
    give_phones(home, TOLD)
    assert set(ContactMethod.objects.values_list("pk", flat=True)) == first

    monkeypatch.setenv("UPSTANDER_PHONES_PORT", "8102")
    monkeypatch.setattr(settings, "PUSH_SERVICE", "http://127.0.0.1:8102")
    give_phones(home, TOLD)

    after = json.loads((home.root / "phones.json").read_bytes())
    assert after["subscriptions"] == before["subscriptions"]
    assert [one["token"] for one in after["accounts"]] == [
        one["token"] for one in before["accounts"]
    ]
    assert ContactMethod.objects.count() == len(first)
    for method in ContactMethod.objects.filter(kind=Channel.PUSH):
        at = push.read_subscription(method.address)["endpoint"]
        assert at.startswith("http://127.0.0.1:8102/push/")


def test_the_document_at_the_provider_is_the_one_in_the_how_to() -> None:
    told = (settings.BASE_DIR / "docs/how-to/telephony.md").read_text(encoding="utf-8")
    (document,) = re.findall(r"```xml\n(.*?)```", told, re.DOTALL)
    mine = document.replace("THE LINE", TEXT_LINE).replace("THE CENTER'S PLAIN PHONE", CENTER_PHONE)
    assert mine == AT_PROVIDER
    *_, dial = twiml.read(AT_PROVIDER, "")
    assert isinstance(dial, twiml.Dial)
    assert (dial.caller_id, dial.action) == (TEXT_LINE, ""), "nothing of ours is asked"
