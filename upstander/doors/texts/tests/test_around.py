"""What goes with texts: pictures, a provider's copies, and the way over to the website."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.http import Http404
from PIL import Image

from upstander.carriers.tests.lines import as_worker
from upstander.cleaning.tests.streams import whole
from upstander.doors.actions.texts import send_bridge
from upstander.doors.models import Bridge, Picture, ProviderCopy, TextOrder, Thread
from upstander.doors.texts import sweeps
from upstander.doors.texts.tests.lines import LINE, PHONE, Door, at_desk
from upstander.escalations.tests.alerts import Clock
from upstander.people.scope import viewing
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import ReturnCode
from upstander.tips.new_tip import NewTip
from upstander.tips.reporter import file_tip, open_with_code
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.django_db

#: Where it was taken, as a phone writes it into a picture.
PLACE = b"41.7658 N 72.6734 W"


def a_picture() -> bytes:
    made, out = Image.new("RGB", (64, 48), (200, 210, 220)), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    made.save(out, "JPEG", exif=exif)
    assert PLACE in out.getvalue()
    return out.getvalue()


def with_pictures(door: Door, *pictures: bytes, body: str = "Look.") -> None:
    """Send a text with pictures, which lie at north as the real thing's do."""
    text = door.phones.write(PHONE, body, LINE, *pictures)
    account = door.phones.provider("north").account
    urls = {
        f"MediaUrl{number}": f"{door.phones.url}/2010-04-01/Accounts/{account.sid}/Messages/"
        f"{text.sid}/Media/{one.sid}"
        for number, one in enumerate(text.media)
    }
    door.text(body, ref=text.sid, NumMedia=str(len(pictures)), **urls)


def test_ten_pictures_are_fetched_cleaned_and_opened_at_the_desk(door: Door) -> None:
    with_pictures(door, *[a_picture()] * 10)
    assert Picture.objects.count() == 10
    door.work()
    assert not Picture.objects.exists()
    files = door.contents().files
    assert len(files) == 10
    for file in files:
        assert file.about["kind"] == "image"
        with at_desk():
            got = door.desk().get(f"/tips/{door.tip().pk}/files/{file.id}")
        content = whole(got)
        assert Image.open(io.BytesIO(content)).size == (64, 48)
        assert PLACE not in content


def test_a_picture_comes_with_the_first_text_and_without_words(door: Door) -> None:
    with_pictures(door, a_picture(), body="")
    door.work()
    assert len(door.contents().files) == 1


def test_a_picture_that_is_none_is_said_to_be_missing(door: Door) -> None:
    with_pictures(door, b"\xff\xd8\xff\xe0 not a picture")
    door.work()
    [file] = door.contents().files
    assert file.about["size"] == 0
    assert not Picture.objects.exists()


def test_where_a_picture_lies_elsewhere_no_token_goes_there(door: Door) -> None:
    door.text("Look.", NumMedia="1", MediaUrl0="http://127.0.0.1:1/elsewhere/ME1")
    assert not Picture.objects.exists()


def test_providers_delete_their_copies_once_texts_are_over(door: Door, clock: Clock) -> None:
    with_pictures(door, a_picture())
    door.work()
    [text] = door.phones.world.texts.values()
    assert ProviderCopy.objects.count() == 2, "the text, and its picture: not every provider's goes"
    with as_worker():
        assert sweeps.sweep_copies() == 0, "not within the first minute"
    clock.move(90)
    with as_worker():
        assert sweeps.sweep_copies() == 2
    assert text.deleted
    assert text.media == []
    assert not ProviderCopy.objects.exists()


def test_a_provider_that_is_away_is_asked_again_and_its_copies_are_counted(
    door: Door, clock: Clock
) -> None:
    door.text("Hello.")
    door.phones.provider("north").account.token = "another"
    clock.move(90)
    with as_worker():
        sweeps.sweep_copies()
    assert ProviderCopy.objects.get().tries == 1


def bridge_of(door: Door) -> str:
    """Let alice text the way over; return the digits as they arrived."""
    send_bridge(door.opened())
    before = len(door.arrived())
    door.work()
    door.phones.wait(lambda: len(door.arrived()) > before)
    found = re.search(r"\b(\d{4} \d{4})\b", door.arrived()[-1])
    assert found
    return found[1]


def test_digits_lead_over_to_the_website_once_and_give_words_to_come_back(door: Door) -> None:
    door.text("There is a boy.")
    door.text("With a knife.")
    assert not ReturnCode.objects.exists(), "nobody has words yet"
    digits = bridge_of(door)
    page = door.site.post("/back", {"code": digits})
    assert page.status_code == 200
    text = page.content.decode()
    assert "With a knife." in door.site.get("/talk/live").content.decode()
    spans = re.findall(r'class="code-words"[^>]*>(.*?)</', text, re.DOTALL)
    assert spans
    assert ReturnCode.objects.count() == 1
    again = door.site.post("/back", {"code": digits})
    assert again.status_code == 422
    assert "once" in again.content.decode()
    assert not Bridge.objects.exists()


def test_digits_end_after_half_an_hour_and_newer_ones_end_them(door: Door, clock: Clock) -> None:
    door.text("There is a boy.")
    first = bridge_of(door)
    second = bridge_of(door)
    assert door.site.post("/back", {"code": first}).status_code == 422
    clock.move(timedelta(minutes=31).total_seconds())
    assert door.site.post("/back", {"code": second}).status_code == 422


def test_whoever_guesses_at_digits_closes_that_way_and_no_other(door: Door) -> None:
    web = file_tip(NewTip(token="t" * 24, text="From the web.", language="en"))
    door.text("There is a boy.")
    digits = bridge_of(door)
    for number in range(201):
        assert door.site.post("/back", {"code": f"{number:08}"}).status_code == 422
    assert door.site.post("/back", {"code": digits}).status_code == 422
    assert open_with_code(web.code) is not None
    assert door.text("Still here?") == ""
    assert door.said()[-1] == "Still here?"


def test_a_team_answers_the_phone_once_it_was_handed_to_it_and_no_other_does(door: Door) -> None:
    door.text("There is a boy.")
    tip = door.tip()
    claim_tip(door.cast.viewer("alice"), tip.pk)
    hand_off(door.opened(), [door.cast.teams["cedar"].pk], "A brief.")
    add_reply(door.opened("tom"), "This is the school's team.")
    door.work()
    door.phones.wait(lambda: bool(door.arrived()))
    assert door.arrived() == ["This is the school's team."]
    with pytest.raises(Http404):
        door.opened("bob")
    with viewing(door.cast.viewer("bob")):
        assert not Thread.objects.only("id").exists()
        assert not TextOrder.objects.exists()
    with viewing(door.cast.viewer("tom")):
        assert Thread.objects.only("id").exists()


def test_a_bridge_of_a_stopped_phone_is_refused_in_words(door: Door) -> None:
    door.text("There is a boy.")
    door.text("stop")
    with at_desk():
        said = door.desk().post(f"/tips/{door.tip().pk}/bridge", follow=True)
    assert "nothing was sent" in said.content.decode()


def test_after_stop_it_is_said_whether_they_read_on_the_website(door: Door) -> None:
    door.text("There is a boy.")
    digits = bridge_of(door)
    door.text("stop")
    page = door.page()
    assert "What you write stays here." in page
    assert "came over to our website" not in page
    door.text("start")
    assert door.site.post("/back", {"code": digits}).status_code == 200
    assert "came over to our website" not in door.page(), "texts reach them"
    door.text("stop")
    assert "they can read it: they came over to our website" in door.page()
    Thread.objects.all().delete()
    assert "They came over to our website, where they can read it." in door.page()
