"""The pages: a newcomer's two minutes, gaps in red words, swaps, calendars, one's own rules."""

from __future__ import annotations

import re
from datetime import time, timedelta

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import Cast
from upstander.base.moment import database_second
from upstander.oncall.actions.own import make_feed
from upstander.oncall.actions.plans import add_override, save_layer
from upstander.oncall.models import Feed, Layer, OwnRule, Swap
from upstander.oncall.queries import on_call
from upstander.oncall.tests.setup import NEW_YORK, phones, weekly
from upstander.people.models import Person


@pytest.fixture
def cedar(cast: Cast) -> int:
    phones(cast, "tara", "tom", "uma")
    return cast.teams["cedar"].pk


def prefilled(client: Client, path: str) -> dict[str, object]:
    """Return what a form's page would send if nobody touched it."""
    form = client.get(path).context["form"]
    sent: dict[str, object] = {}
    for field in form:
        value = field.value()
        if value not in (None, "", []):
            sent[field.html_name] = (
                value
                if isinstance(value, list)
                else field.field.prepare_value(value)
                if not hasattr(value, "strftime")
                else field.field.widget.format_value(value)
            )
    return sent


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_newcomer_sets_up_weekly_turns_by_pressing_save(cast: Cast, cedar: int) -> None:
    client = cast.client("tara")
    assert "a tip pages everyone on the team at once" in text(client, f"/oncall/{cedar}")
    path = f"/oncall/{cedar}/rules/new"
    answer = client.post(path, prefilled(client, path))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/oncall/{cedar}")
    layer = Layer.objects.get()
    assert (layer.turn, layer.every, layer.members.count()) == ("week", 1, 3)
    now = database_second()
    firsts = [on_call(cedar, now + timedelta(weeks=n)).primary for n in range(4)]
    assert len(set(firsts)) == 3
    assert firsts[0] == firsts[3]
    assert "Gap" not in text(client, f"/oncall/{cedar}")


def test_a_rule_that_is_saved_unchanged_changes_nothing_from_now_on(cast: Cast, cedar: int) -> None:
    people = [cast.people[name].pk for name in ("uma", "tara", "tom")]
    rule = save_layer(
        cast.viewer("tara"),
        cedar,
        weekly(*people, starts_on=database_second().date() - timedelta(days=100), at_once=2),
    )
    now = database_second()
    before = [on_call(cedar, now + timedelta(days=n)).primary for n in range(40)]
    client, path = cast.client("tara"), f"/oncall/{cedar}/rules/{rule}"
    assert client.post(path, prefilled(client, path)).status_code == 302
    after = [on_call(cedar, now + timedelta(days=n)).primary for n in range(40)]
    assert [set(one) for one in after] == [set(one) for one in before]


def test_ones_own_shifts_are_said_as_they_are_known(cast: Cast, cedar: int) -> None:
    """A shift that goes on has no end that somebody planned, and none is made up."""
    save_layer(cast.viewer("tara"), cedar, weekly(cast.people["tom"].pk))
    assert "Now, with no planned end" in text(cast.client("tom"), "/oncall")
    assert "Your next shifts" not in text(cast.client("uma"), "/oncall")
    save_layer(cast.viewer("tara"), cedar, weekly(cast.people["uma"].pk, hours=(time(20), time(8))))
    assert "8:00 p.m. to" in text(cast.client("uma"), "/oncall")


def test_gaps_are_said_in_words_with_a_way_to_fill_them(cast: Cast, cedar: int) -> None:
    tara, tom = cast.viewer("tara"), cast.people["tom"].pk
    save_layer(tara, cedar, weekly(tom))
    now = database_second()
    start = (now + timedelta(days=9)).replace(minute=0, second=0)
    add_override(
        tara, cedar, duty="primary", on=None, off=tom, start=start, end=start + timedelta(hours=8)
    )
    client = cast.client("tara")
    said = text(client, "/oncall")
    assert "No one is on call at these times" in said
    assert "Gap: no one" in said
    assert "1 gap: from" in text(cast.client("dee"), "/oncall")
    assert "1 gap: from" in text(cast.client("alice"), "/oncall")
    local = start.astimezone(NEW_YORK)
    link = re.search(
        rf'href="(/oncall/{cedar}/changes/new\?[^"]+)"', client.get("/oncall").content.decode()
    )
    assert link is not None
    path = link.group(1).replace("&amp;", "&")
    sent = {**prefilled(client, path), "on": cast.people["uma"].pk}
    assert sent["starts"] == local.strftime("%Y-%m-%dT%H:%M")
    assert client.post(path.split("?")[0], sent).status_code == 302
    assert "No one is on call at these times" not in text(client, "/oncall")


def test_who_can_not_be_rung_is_named_and_refused(cast: Cast, cedar: int) -> None:
    cast.people["uma"].contact_methods.all().delete()
    client, path = cast.client("tara"), f"/oncall/{cedar}/rules/new"
    sent = prefilled(client, path)
    assert f"place_{cast.people['uma'].pk}" not in sent, "not proposed"
    answer = client.post(path, {**sent, f"place_{cast.people['uma'].pk}": "3"})
    assert "Uma can’t be on call alone" in answer.content.decode()
    assert client.post(path, sent).status_code == 302
    assert "No verified phone or device: Uma" in text(client, f"/oncall/{cedar}")


def test_a_swap_from_the_question_to_the_yes(cast: Cast, cedar: int) -> None:
    people = cast.people["tom"].pk, cast.people["uma"].pk
    save_layer(cast.viewer("tara"), cedar, weekly(*people))
    asker = next(
        n for n in ("tom", "uma") if cast.people[n].pk in on_call(cedar, database_second()).primary
    )
    taker = {"tom": "uma", "uma": "tom"}[asker]
    client, path = cast.client(asker), f"/oncall/{cedar}/swaps/new"
    form = client.get(path).context["form"]
    mine = form.fields["mine"].choices[0][0]
    back = next(
        key
        for key, _said in form.fields["theirs"].choices
        if key.startswith(f"{cast.people[taker].pk} ")
    )
    # The shift runs on while somebody reads the form: no moment of it stands in the key.
    assert mine.split("/")[1] == "running"
    assert client.post(path, {"mine": mine, "theirs": back}).status_code == 302
    assert "You asked" in text(client, "/oncall")
    other = cast.client(taker)
    assert "asks you" in text(other, "/oncall")
    assert "asks you" not in text(cast.client("tara"), "/oncall"), "it is between the two"
    swap = Swap.objects.get()
    other.post(f"/oncall/swaps/{swap.pk}/answer", {"answer": "yes"})
    assert on_call(cedar, database_second()).primary == (cast.people[taker].pk,)
    assert client.post(path, {"mine": "primary/x/y", "theirs": back}).status_code == 200


def test_a_calendar_is_shown_before_it_is_taken_over(cast: Cast, cedar: int) -> None:
    start = database_second() + timedelta(days=1)
    data = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Tom\r\n"
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDURATION:PT8H\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n"
        f"UID:2\r\nSUMMARY:Choir\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()
    client, path = cast.client("tara"), f"/oncall/{cedar}/import"
    answer = client.post(path, {"file": SimpleUploadedFile("a.ics", data)})
    assert "1 shift can be imported. 1 event can’t." in " ".join(answer.content.decode().split())
    assert not Layer.objects.exists(), "nothing is saved yet"
    shown = answer.context["shown"]
    assert cast.client("ada").post(path, {"shown": shown}).headers["Location"] == path
    assert not Layer.objects.exists(), "what one was shown is not another's to confirm"
    client.post(path, {"shown": shown})
    assert on_call(cedar, start + timedelta(hours=1)).primary == (cast.people["tom"].pk,)


def test_a_secret_link_gives_ones_own_shifts_and_no_name(cast: Cast, cedar: int) -> None:
    save_layer(cast.viewer("tara"), cedar, weekly(cast.people["tom"].pk, cast.people["uma"].pk))
    token = make_feed(cast.viewer("tom"))
    stranger = Client(HTTP_HOST="localhost")
    answer = stranger.get(f"/oncall/feed/{token}.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(e["summary"]) for e in events} == {"On call: Cedar's team"}
    assert len(events) > 8
    for name in ("tom", "uma", "tara"):
        person = cast.people[name]
        assert person.name.encode() not in answer.content
        assert person.email.encode() not in answer.content
    for wrong in (token[:-1], "x", f"{token}a"):
        assert stranger.get(f"/oncall/feed/{wrong}.ics").status_code == 404
    newer = make_feed(cast.viewer("tom"))
    assert stranger.get(f"/oncall/feed/{token}.ics").status_code == 404
    Person.objects.filter(pk=cast.people["tom"].pk).update(is_active=False)
    assert stranger.get(f"/oncall/feed/{newer}.ics").status_code == 404


def test_the_link_is_shown_once(cast: Cast) -> None:
    client = cast.client("tom")
    shown = client.post("/me/calendar").content.decode()
    link = re.search(r"/oncall/feed/([\w-]+)\.ics", shown)
    assert link is not None
    assert Client(HTTP_HOST="localhost").get(link.group(0)).status_code == 200
    assert link.group(1) not in client.get("/me/rules").content.decode()
    client.post("/me/calendar", {"end": "1"})
    assert not Feed.objects.exists()


def test_ones_own_rules_offer_nothing_beneath_the_floor(cast: Cast) -> None:
    client = cast.client("tom")
    form = client.get("/me/rules").context["form"]
    assert [value for value, _ in form.fields["life_safety_sms"].choices] == ["0"]
    assert [value for value, _ in form.fields["life_safety_voice"].choices] == ["0", "60"]
    sent = prefilled(client, "/me/rules")
    assert client.post("/me/rules", {**sent, "life_safety_sms": "900"}).status_code == 200
    assert not OwnRule.objects.exists()
    assert client.post("/me/rules", {**sent, "urgent_voice": "300"}).status_code == 302
    assert OwnRule.objects.get(priority="urgent", channel="voice").after_seconds == 300


def test_a_district_keeps_its_days_and_hours_and_a_center_its_floor(cast: Cast) -> None:
    dee, path = cast.client("dee"), f"/oncall/districts/{cast.maple.pk}"
    day = {"form": "days", "label": "Harvest days", "first": "2027-12-20", "last": "2027-12-31"}
    assert dee.post(path, day).status_code == 302
    assert dee.post(path, {"form": "region", "region": "US-CT"}).status_code == 302
    assert dee.post(path, {"form": "hours", "opens": "07:00", "closes": "16:30"}).status_code == 302
    said = text(dee, path)
    assert "Harvest days" in said
    assert 'value="16:30"' in dee.get(path).content.decode()
    gone = re.search(r'name="remove_day" value="(\d+)"', dee.get(path).content.decode())
    assert gone is not None
    dee.post(path, {"remove_day": gone.group(1)})
    assert "Harvest days" not in text(dee, path)
    sam, floor = cast.client("sam"), f"/oncall/centers/{cast.center.pk}"
    bad = sam.post(floor, {"form": "floor", "sms": "", "push": "", "voice": "60", "email": ""})
    assert "must be sent at once" in bad.content.decode()
    good = {"form": "floor", "sms": "0", "push": "0", "voice": "0", "email": "0"}
    assert sam.post(floor, good).status_code == 302
    assert cast.client("alice").get(floor).status_code == 403
    assert cast.client("pia").get(path).status_code == 404


def test_a_whole_page_of_teams_costs_the_same_number_of_queries(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    phones(cast, "tara", "bob")
    save_layer(cast.viewer("tara"), cast.teams["cedar"].pk, weekly(cast.people["tara"].pk))
    client = cast.client("alice")
    with django_assert_max_num_queries(31):  # type: ignore[operator]
        client.get("/oncall")
