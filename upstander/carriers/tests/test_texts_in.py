"""Replies by text: whose they are, what they mean, and to which alert."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers import queries, replies, sending, texts
from upstander.carriers.addresses import code_mac
from upstander.carriers.models import ContactMethod, Delivery, Inbound
from upstander.carriers.tests import lines
from upstander.carriers.tests.lines import NUMBER, OTHER, Site, a_way, as_worker, call_in

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


def sent(method: ContactMethod, priority: str = "urgent", **more: Any) -> Delivery:
    """Write down a page that a bare answer may mean; one of life safety asks for its code."""
    return lines.sent(method, priority=priority, **more)


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
        ("H6K2", "unclear"),
        ("stop", "stop"),
        ("STOP.", "stop"),
        ("START", "start"),
    ],
)
def test_replies_are_read_tolerantly_and_never_guessed(body: str, answer: str) -> None:
    assert replies.read(body) == replies.Reply(answer)


@pytest.mark.parametrize(
    "body",
    ["1 H6K2", "1 h6k2", "h6k2 1", "H6K2: yes", "tengo h6-k2", "1H6K2", "1 H6 K2", "H 6 K 2 1"],
)
def test_a_reply_may_name_its_alert(body: str) -> None:
    assert replies.read(body) == replies.Reply("have_it", "H6K2")


def test_a_one_from_the_number_that_was_asked_is_i_have_it(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"]))
    assert text_in(site, "1").startswith("Noted for H6K2: you have it")
    (inbound,) = Inbound.objects.all()
    assert (inbound.person_id, inbound.for_id) == (cast.people["tara"].pk, row.for_id)
    assert (inbound.answer, inbound.kind, inbound.done) == ("have_it", "sms", False)


def test_a_strangers_one_is_kept_as_nothing(cast: Cast, site: Site) -> None:
    sent(a_way(cast.people["tara"]))
    assert text_in(site, "1", sender=OTHER) == ""
    assert text_in(site, "1 H6K2", sender=OTHER) == ""
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
    toms = sent(a_way(cast.people["tom"], address=OTHER), code="M4T7")
    a_way(cast.people["tara"])
    assert text_in(site, "1") == "Nothing is waiting for your answer."
    assert text_in(site, "1 M4T7").startswith("You have no alert with the code M4T7")
    assert not Inbound.objects.exclude(for_id=None).exists()
    assert toms.open


def test_with_several_open_a_bare_one_is_asked_about(cast: Cast, site: Site) -> None:
    method = a_way(cast.people["tara"])
    first, second = sent(method, code="H6K2"), sent(method, code="M4T7")
    said = text_in(site, "1")
    assert "Which one?" in said
    assert "H6K2, M4T7" in said
    assert not Inbound.objects.exists()
    assert text_in(site, "1 M4T7").startswith("Noted for M4T7")
    assert answers() == [("have_it", second.for_id)]
    with as_worker():
        sending.cancel_asks([second.for_id or uuid4()])
    assert text_in(site, "3").startswith("Noted for H6K2: you can't")
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
    assert text_in(site, "3").startswith("Noted for H6K2")
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
    assert text_in(site, "1") == "Nothing is waiting for your answer."


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


def test_help_is_answered_by_the_provider_alone(cast: Cast, site: Site) -> None:
    sent(a_way(cast.people["tara"]))
    assert text_in(site, "HELP")
    assert text_in(site, "HELP", OptOutType="HELP") == ""


def test_a_stranger_stops_nobody(cast: Cast, site: Site) -> None:
    method = a_way(cast.people["tara"])
    assert text_in(site, "STOP", sender=OTHER) == ""
    method.refresh_from_db()
    assert method.broken_at is None


def test_spanish_staff_are_answered_in_spanish(cast: Cast, site: Site) -> None:
    cast.people["tara"].language = "es"
    cast.people["tara"].save()
    sent(a_way(cast.people["tara"]))
    assert text_in(site, "sí").startswith("Anotado para H6K2: por ahora usted lo tiene")


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
        assert set(texts.reply(result, language, code="H6K2", codes=("H6K2",))) <= _GSM


LIFE = "life_safety"


def test_of_many_open_alerts_a_bare_answer_lists_the_most_urgent_and_newest_three(
    cast: Cast, site: Site
) -> None:
    way, now = a_way(cast.people["tara"]), database_second()
    codes = [f"A{n}C{m}" for n in (2, 3, 4) for m in (5, 6, 7, 9, 2)]
    for age, code in enumerate(codes):
        row = sent(way, LIFE if code in ("A3C7", "A4C2") else "urgent")
        Delivery.objects.filter(pk=row.pk).update(
            for_id=uuid4(), code=code, attempted_at=now - timedelta(minutes=age)
        )
    said = text_in(site, "yes")
    assert "such as: 1 A3C7" in said
    assert "A3C7, A4C2, A2C5, and 12 more: open the queue." in said
    assert len(said) <= 160
    assert not Inbound.objects.exists()
    assert text_in(site, f"1 {codes[9]}").startswith(f"Noted for {codes[9]}")


@pytest.mark.parametrize("body", ["1", "yes", "2", "3", "tengo"])
def test_where_a_life_is_at_stake_a_text_without_the_code_answers_nothing(
    cast: Cast, site: Site, body: str
) -> None:
    """Whoever can forge a sender knows the number, and not the code: no reply goes to them."""
    row = sent(a_way(cast.people["tara"]), LIFE)
    said = text_in(site, body)
    assert "needs its code: 1 H6K2" in said
    assert not Inbound.objects.exists()
    assert text_in(site, "1 H6K2").startswith("Noted for H6K2: you have it")
    assert answers() == [("have_it", row.for_id)]


def test_a_bare_answer_means_nothing_while_one_of_several_is_about_a_life(
    cast: Cast, site: Site
) -> None:
    method = a_way(cast.people["tara"])
    sent(method, code="M4T7")
    sent(method, LIFE)
    assert "Which one?" in text_in(site, "1")
    with as_worker():
        sending.cancel_asks([row.for_id or uuid4() for row in Delivery.objects.all()])
    assert "Which one?" in text_in(site, "3"), "nor by giving up what was taken"
    assert not Inbound.objects.exists()


def test_after_five_wrong_codes_the_right_one_by_text_counts_no_more(
    cast: Cast, site: Site
) -> None:
    row = sent(a_way(cast.people["tara"]), LIFE)
    for wrong in ("A2A2", "A2A3", "A2A4", "A2A5"):
        assert text_in(site, f"1 {wrong}").startswith(f"You have no alert with the code {wrong}")
    assert text_in(site, "1 A2A6").startswith("Too many wrong codes")
    assert text_in(site, "1 H6K2").startswith("Too many wrong codes")
    assert text_in(site, "1").startswith("Too many wrong codes")
    about = [(answer, for_id) for answer, for_id in answers() if for_id]
    assert about == [("tried", row.for_id)], "once, however often"
    method = ContactMethod.objects.get()
    ContactMethod.objects.update(
        wrong_since=(method.wrong_since or database_second()) - timedelta(minutes=61)
    )
    assert text_in(site, "1 H6K2").startswith("Noted for H6K2")
    assert text_in(site, "1 A2A2").startswith("You have no alert"), "a new hour begins"


def test_a_strangers_codes_lock_nobody(cast: Cast, site: Site) -> None:
    sent(a_way(cast.people["tara"]), LIFE)
    for _ in range(6):
        assert text_in(site, "1 A2A2", sender=OTHER) == ""
    assert ContactMethod.objects.get().wrong_codes == 0


def test_the_text_names_the_code_where_it_is_needed(cast: Cast) -> None:
    for language in ("en", "es"):
        cast.people["tara"].language = language
        life = lines.a_page(cast.people["tara"], priority=LIFE, now=True)
        assert "1 H6K2" in texts.how_to_reply(life)
        assert "3 H6K2" in texts.how_to_reply(life)
        assert "H6K2" not in texts.how_to_reply(
            lines.a_page(cast.people["tara"], priority="urgent")
        )


def test_no_two_alerts_share_a_code(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    method, known = a_way(cast.people["tara"]), set[str]()
    drawn = [uuid4() for _ in range(120)]
    # The same first draw for all, as among very many.
    real = code_mac
    monkeypatch.setattr(
        queries, "code_mac", lambda for_id, n: real(UUID(int=0), n) if n < 5 else real(for_id, n)
    )
    for for_id in drawn:
        with as_worker():
            code = queries.code_for(for_id)
        assert code not in known
        assert replies.read(f"1{code}") == replies.Reply("have_it", code)
        assert replies.read(f"{code} no puedo") == replies.Reply("cannot", code)
        known.add(code)
        sent(method, LIFE, for_id=for_id, code=code)
        with as_worker():
            assert queries.code_for(for_id) == code


def test_code_same_for_ways_that_go_out_at_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text is written down just after the call beside it looked for a code, and found none."""
    method, for_id, draw = a_way(cast.people["tara"]), uuid4(), queries._codes
    [first] = itertools.islice(draw(for_id), 1)

    def drawn_late(of: UUID) -> Iterator[str]:
        sent(method, LIFE, for_id=for_id, code=first)
        return draw(of)

    monkeypatch.setattr(queries, "_codes", drawn_late)
    with as_worker():
        assert queries.code_for(for_id) == first


def test_what_was_recorded_counts_no_second_time_a_day_later(cast: Cast, site: Site) -> None:
    """A signed request that somebody recorded, brought again: nothing of it happens anew."""
    row = sent(a_way(cast.people["tara"]), LIFE)
    for body, ref in (("STOP", "SM-stop"), ("START", "SM-start"), ("1 A2A2", "SM-wrong")):
        text_in(site, body, ref=ref)
    text_in(site, "1 H6K2", ref="SM-right")
    Inbound.objects.update(done=True, at=database_second() - timedelta(days=1))
    before = list(Inbound.objects.order_by("pk").values())
    for body, ref in (("STOP", "SM-stop"), ("1 A2A2", "SM-wrong"), ("1 H6K2", "SM-right")):
        for _ in range(6):
            assert text_in(site, body, ref=ref) == ""
    method = ContactMethod.objects.get()
    assert method.broken_at is None, "an old STOP ends no texts"
    assert method.wrong_codes == 1
    assert list(Inbound.objects.order_by("pk").values()) == before
    assert Delivery.objects.get(pk=row.pk).open
