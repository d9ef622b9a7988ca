"""Replies by text: whose they are, what they mean, and to which alert."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers import queries, replies, sending, texts
from upstander.carriers.models import ContactMethod, Delivery, Inbound
from upstander.carriers.tests.lines import NUMBER, OTHER, Site, a_way, as_worker, call_in, sent

pytestmark = pytest.mark.usefixtures("north")


def text_in(site: Site, body: str, sender: str = NUMBER, ref: str = "", **more: str) -> str:
    """Send a text as the provider passes it on; return what is said back, empty for nothing."""
    form = {
        "MessageSid": ref or f"SM{uuid4().hex}",
        "From": sender,
        "To": "+18605550199",
        "Body": body,
        **more,
    }
    response = call_in(site, "/carriers/north/sms", form)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml"
    found = re.search(r"<Message>(.*)</Message>", response.content.decode())
    return found[1] if found else ""


def answers() -> list[tuple[str, object]]:
    return list(Inbound.objects.order_by("pk").values_list("answer", "for_id"))


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("1", "have_it"),
        (" 1. ", "have_it"),
        ("YES", "have_it"),
        ("Sí", "have_it"),
        ("tengo", "have_it"),
        ("I have it!", "have_it"),
        ("Lo tengo 👍", "have_it"),
        ("ok", "have_it"),
        ("i’m on it", "have_it"),
        ("2", "seen"),
        ("Visto", "seen"),
        ("3", "cannot"),
        ("can't", "cannot"),
        ("I can’t", "cannot"),
        ("No puedo.", "cannot"),
        ("no", "cannot"),
        ("1 no puedo", "unclear"),
        ("1 or 3?", "unclear"),
        ("", "unclear"),
        ("yes but I can't", "unclear"),
        ("13", "unclear"),
        ("who is this", "unclear"),
        ("K7", "unclear"),
        ("stop", "stop"),
        ("STOP.", "stop"),
        ("START", "start"),
    ],
)
def test_replies_are_read_tolerantly_and_never_guessed(body: str, answer: str) -> None:
    assert replies.read(body) == replies.Reply(answer)


@pytest.mark.parametrize("body", ["1 K7", "1 k7", "k7 1", "K7: yes", "tengo k-7", "1K7", "1 K 7"])
def test_a_reply_may_name_its_alert(body: str) -> None:
    assert replies.read(body) == replies.Reply("have_it", "K7")


def test_a_one_from_the_number_that_was_asked_is_i_have_it(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"]))
    assert text_in(site, "1").startswith("Noted for K7: you have it")
    (inbound,) = Inbound.objects.all()
    assert (inbound.person_id, inbound.for_id) == (cast.people["tara"].pk, row.for_id)
    assert (inbound.answer, inbound.kind, inbound.done) == ("have_it", "sms", False)


def test_a_strangers_one_is_kept_as_nothing(cast: Cast, site: Site) -> None:
    sent(a_way(cast.people["tara"]))
    assert text_in(site, "1", sender=OTHER) == ""
    assert text_in(site, "1 K7", sender=OTHER) == ""
    assert text_in(site, "1", sender="+1860555011") == ""
    assert text_in(site, "1", sender="") == ""
    assert not Inbound.objects.exists()


def test_a_number_that_nobody_has_proved_answers_nothing(cast: Cast, site: Site) -> None:
    method = a_way(cast.people["tara"])
    sent(method)
    ContactMethod.objects.filter(pk=method.pk).update(verified_at=None)
    assert text_in(site, "1") == ""
    assert not Inbound.objects.exists()


def test_a_number_for_calls_alone_answers_no_text(cast: Cast, site: Site) -> None:
    sent(a_way(cast.people["tara"], "voice"))
    assert text_in(site, "1") == ""


def test_nobody_answers_who_has_left(cast: Cast, site: Site) -> None:
    sent(a_way(cast.people["tara"]))
    cast.people["tara"].is_active = False
    cast.people["tara"].save()
    assert text_in(site, "1") == ""


def test_a_person_answers_for_themselves_only(cast: Cast, site: Site) -> None:
    toms = sent(a_way(cast.people["tom"], address=OTHER), code="M3")
    a_way(cast.people["tara"])
    assert text_in(site, "1") == "Nothing waits for your answer."
    assert text_in(site, "1 M3").startswith("No alert of yours has the code M3")
    assert not Inbound.objects.exists()
    assert toms.open


def test_with_several_open_a_bare_one_is_asked_about(cast: Cast, site: Site) -> None:
    method = a_way(cast.people["tara"])
    first, second = sent(method, code="K7"), sent(method, code="M3")
    said = text_in(site, "1")
    assert "Which one?" in said
    assert "K7, M3" in said
    assert not Inbound.objects.exists()
    assert text_in(site, "1 M3").startswith("Noted for M3")
    assert answers() == [("have_it", second.for_id)]
    with as_worker():
        sending.cancel_asks([second.for_id or uuid4()])
    assert text_in(site, "3").startswith("Noted for K7: you can't")
    assert answers()[-1] == ("cannot", first.for_id)


def test_several_texts_about_one_alert_are_one_alert(cast: Cast, site: Site) -> None:
    method, about = a_way(cast.people["tara"]), uuid4()
    sent(method, for_id=about)
    sent(a_way(cast.people["tara"], "voice"), for_id=about)
    assert text_in(site, "yes").startswith("Noted")
    assert answers() == [("have_it", about)]


def test_who_took_it_may_find_that_they_cannot(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"]))
    with as_worker():
        sending.cancel_asks([row.for_id or uuid4()])
    assert text_in(site, "3").startswith("Noted for K7")
    assert answers() == [("cannot", row.for_id)]


def test_a_text_that_the_provider_passes_on_twice_counts_once(cast: Cast, site: Site) -> None:
    sent(a_way(cast.people["tara"]))
    text_in(site, "1", ref="SM-once")
    assert text_in(site, "1", ref="SM-once") == ""
    assert len(answers()) == 1


def test_what_is_not_understood_is_asked_about_and_not_kept(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"]))
    said = text_in(site, "Anna told me about it in the corridor")
    assert said.startswith("Not understood. Reply 1")
    assert answers() == [("unclear", row.for_id)]
    assert "Anna" not in str(Inbound.objects.values().get())


def test_an_old_page_is_not_answered_by_a_bare_one(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"]))
    Delivery.objects.filter(pk=row.pk).update(attempted_at=database_second() - timedelta(hours=25))
    assert text_in(site, "1") == "Nothing waits for your answer."


def test_stop_is_obeyed_and_taken_back_by_start(cast: Cast, site: Site) -> None:
    method = a_way(cast.people["tara"])
    sent(method)
    assert text_in(site, "STOP", OptOutType="STOP") == ""
    method.refresh_from_db()
    assert (method.broken_reason, method.broken_told) == ("stopped", False)
    with as_worker():
        assert [m.kind for m in queries.methods_of([method.person_id])[method.person_id]] == [
            "email"
        ]
    text_in(site, "START", OptOutType="START")
    method.refresh_from_db()
    assert method.broken_at is None


def test_a_stranger_stops_nobody(cast: Cast, site: Site) -> None:
    method = a_way(cast.people["tara"])
    assert text_in(site, "STOP", sender=OTHER) == ""
    method.refresh_from_db()
    assert method.broken_at is None


def test_spanish_staff_are_answered_in_spanish(cast: Cast, site: Site) -> None:
    cast.people["tara"].language = "es"
    cast.people["tara"].save()
    sent(a_way(cast.people["tara"]))
    assert text_in(site, "sí").startswith("Anotado para K7: usted lo tiene")


#: GSM 03.38's basic set, and the few of its extension that cost two.
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("priority", ["life_safety", "urgent", "routine"])
@pytest.mark.parametrize("purpose", ["page", "drill", "synthetic"])
def test_a_text_fits_into_two_at_the_most(
    cast: Cast, language: str, priority: str, purpose: str
) -> None:
    from upstander.carriers.tests.lines import a_page  # noqa: PLC0415
    from upstander.carriers.twilio import _body  # noqa: PLC0415

    person = cast.people["tara"]
    person.language = language
    body = _body(a_page(person, priority=priority, purpose=purpose, now=True))
    assert set(body) <= _GSM, set(body) - _GSM
    assert len(body) <= 306, body
    for result in texts.REPLIES[language]:
        assert set(texts.reply(result, language, code="K7", codes=("K7",))) <= _GSM


def test_codes_of_one_persons_alerts_differ(cast: Cast) -> None:
    method = a_way(cast.people["tara"])
    given = set()
    for _ in range(30):
        about = uuid4()
        with as_worker():
            code = queries.code_for(method.person_id, about)
        given.add(code)
        sent(method, for_id=about, code=code)
        with as_worker():
            assert queries.code_for(method.person_id, about) == code
    assert len(given) == 30
