"""A link for an adult without an account: good once, and blind to whoever made it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from conftest import Cast
from upstander.base.moment import database_now
from upstander.doors.tests.site import Site, code_in, hidden_in, text_of
from upstander.matters.models import Exclusion
from upstander.people.models import Membership
from upstander.people.scope import Viewer, viewing
from upstander.tips import reporter
from upstander.tips.actions.adult_links import links_of, make_link, take_back
from upstander.tips.adult_words import taken_down
from upstander.tips.link_models import AdultLink
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents

SAID = "He said: on Friday nobody will laugh any more."
FIELDS = {
    "taken_from": "child",
    "text": SAID,
    "adult_words": "He was shaking. It was on the bus at about three.",
    "adult": "Pat Moss, bus 4, 555-0100",
    "suspects": "no",
    "tile": "threat",
    "when": "soon",
    "who_hurt": "many",
}


def a_link(cast: Cast, maker: str = "tara") -> str:
    """Return the path of a link that somebody of the cast made for a driver of Cedar."""
    viewer = cast.viewer(maker)
    secret = make_link(
        viewer, district_id=cast.maple.pk, school_id=cast.cedar.pk, note="Driver of bus 4"
    )
    return f"/adult/{secret}"


def send(site: Site, path: str, **changed: str) -> Any:
    return site.post(path, {**hidden_in(text_of(site.get(path))), **FIELDS, **changed})


def test_what_an_adult_takes_down_is_the_centers_words_apart(site: Site, cast: Cast) -> None:
    answer = send(site, a_link(cast), school="Cedar")
    assert answer.status_code == 200
    assert len(code_in(answer).split()) == 7
    assert f"{settings.PUBLIC_URL}/back" in text_of(answer)
    assert "talk" not in answer.cookies
    tip = Tip.objects.get()
    assert (tip.channel, tip.district_id, tip.priority) == ("staff", cast.maple.pk, "life_safety")
    contents = read_contents(open_tip(cast.viewer("alice"), tip.pk))
    assert [turn.text for turn in contents.turns] == [SAID]
    assert contents.answers["adult_words"] == FIELDS["adult_words"]
    assert contents.answers["adult"] == FIELDS["adult"]


def test_the_child_comes_back_by_the_words_and_reads_only_their_own(site: Site, cast: Cast) -> None:
    code = code_in(send(site, a_link(cast)))
    assert site.post("/back", {"code": code}).status_code in (200, 302, 303)
    page = text_of(site.get("/talk/live"))
    assert SAID in page
    assert "shaking" not in page
    assert "Pat Moss" not in page


def filled_in(page: str) -> dict[str, str]:
    """Return what a browser sends of a page: each field with what stands in it."""
    found = dict(re.findall(r'<textarea\b[^>]*\bname="(\w+)"[^>]*>\n?([^<]*)</textarea>', page))
    for tag in re.findall(r"<input\b[^>]*>", page):
        if 'type="radio"' in tag and "checked" not in tag:
            continue
        name, value = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def test_a_link_is_good_once_and_the_second_words_are_not_lost(site: Site, cast: Cast) -> None:
    path = a_link(cast)
    assert send(site, path).status_code == 200
    again = send(site, path, text="Something else entirely.")
    assert again.status_code == 410
    assert "Something else entirely." in text_of(again)
    assert Tip.objects.count() == 1


def test_what_a_used_link_did_not_take_goes_on_apart_with_the_duty_said(
    site: Site, cast: Cast
) -> None:
    path = a_link(cast)
    send(site, path)
    over = send(site, path, text="She said: he has it with him.", suspects="yes")
    page = text_of(over)
    assert over.status_code == 410
    assert "Your own report is still to be made." in page
    assert "1-800-842-2288" in page
    assert page.count(FIELDS["adult_words"]) == page.count(FIELDS["adult"]) == 1
    # Refused, it still holds all of it.
    refused = text_of(site.post("/report", {**filled_in(page), "text": ""}))
    assert FIELDS["adult_words"] in refused
    code = code_in(site.post("/report", {**hidden_in(refused), **filled_in(page)}))
    tip = Tip.objects.get(channel="web")
    contents = read_contents(opened := open_tip(cast.viewer("alice"), tip.pk))
    assert [turn.text for turn in contents.turns] == ["She said: he has it with him."]
    taken = taken_down(opened.tip, contents.answers)
    assert taken is not None
    assert taken.who == f"Not signed in: {FIELDS['adult']}"
    assert "They suspect abuse or neglect" in taken.text
    site.post("/back", {"code": code})
    assert "Pat Moss" not in text_of(site.get("/talk/live"))


def test_the_same_form_sent_again_has_the_same_words(site: Site, cast: Cast) -> None:
    path = a_link(cast)
    fields = {**hidden_in(text_of(site.get(path))), **FIELDS}
    codes = {code_in(site.post(path, fields)) for _ in range(3)}
    assert len(codes) == 1
    assert Tip.objects.count() == 1


@pytest.mark.parametrize("path", ["/adult/nothing", "/adult/" + "A" * 22])
def test_a_forged_link_opens_nothing_and_files_nothing(site: Site, cast: Cast, path: str) -> None:
    assert site.get(path).status_code == 410
    assert site.post(path, {**FIELDS, "token": "t"}).status_code == 410
    assert not Tip.objects.exists()


def test_a_link_whose_time_is_over_takes_nothing(site: Site, cast: Cast) -> None:
    path = a_link(cast)
    AdultLink.objects.update(expires_at=database_now() - timedelta(seconds=1))
    assert site.get(path).status_code == 410
    assert site.post(path, {**FIELDS, "token": "t"}).status_code == 410
    assert not Tip.objects.exists()


def test_a_link_that_was_taken_back_takes_nothing(site: Site, cast: Cast) -> None:
    path = a_link(cast)
    lead = cast.viewer("tara")
    with viewing(lead):
        [row] = links_of(lead)
    take_back(lead, row.pk)
    assert site.post(path, {**FIELDS, "token": "t"}).status_code == 410
    assert not Tip.objects.exists()


def test_the_links_page_is_the_same_before_and_after_it_was_used(site: Site, cast: Cast) -> None:
    path = a_link(cast)
    first = text_of(site.get(path))
    send(site, path)
    second = text_of(site.get(path))
    assert first.replace(hidden_in(first)["token"], "") == second.replace(
        hidden_in(second)["token"], ""
    )


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", ("This link works once", "ask for a new link", "stays on the page")),
        ("/es", ("Este enlace sirve una sola vez", "pida otro enlace", "queda en la página")),
        ("/ar", ("هذا الرابط يعمل مرة واحدة", "اطلب رابطًا جديدًا", "يبقى في الصفحة")),
    ],
)
@pytest.mark.parametrize("used", [False, True])
def test_before_anybody_writes_it_says_that_it_works_once_and_what_to_do(
    site: Site, cast: Cast, prefix: str, words: tuple[str, ...], used: bool
) -> None:
    path = a_link(cast)
    if used:
        send(site, path)
    before = text_of(site.get(prefix + path)).split('name="text"')[0]
    for said in (*words, f'href="{prefix}/report"', 'href="tel:911"'):
        assert said in before, said


def test_whoever_made_it_is_kept_out_of_its_tip_and_not_told(site: Site, cast: Cast) -> None:
    send(site, a_link(cast))
    tip = Tip.objects.get()
    lead, counselor = cast.viewer("tara"), cast.viewer("alice")
    with viewing(lead):
        assert not Tip.objects.exists()
        assert links_of(lead)[0].note == "Driver of bus 4"
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s = ANY (api.excluded_matters())", [tip.matter_id])
            assert cursor.fetchone() == (True,)
    with viewing(counselor):
        assert Tip.objects.filter(pk=tip.pk).exists()


@pytest.mark.parametrize("column", ["used_at", "link_hash", "matter_id", "kept_out", "misses"])
def test_the_database_tells_a_maker_nothing_of_its_use(site: Site, cast: Cast, column: str) -> None:
    send(site, a_link(cast))
    lead = cast.viewer("tara")
    with pytest.raises(DatabaseError), viewing(lead), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM tips_adultlink")


def test_no_row_joins_a_used_link_and_its_tip(site: Site, cast: Cast) -> None:
    send(site, a_link(cast))
    link = AdultLink.objects.get()
    assert (link.matter_id, link.kept_out) == (None, None)
    assert link.used_at == link.expires_at


@pytest.mark.parametrize("other", ["charlie", "uma", "alice", "tom", "dee"])
def test_anothers_link_is_not_there(site: Site, cast: Cast, other: str) -> None:
    a_link(cast)
    row = AdultLink.objects.get()
    viewer = cast.viewer(other)
    with viewing(viewer):
        assert links_of(viewer) == []
        assert AdultLink.objects.filter(pk=row.pk).delete()[0] == 0
    assert AdultLink.objects.filter(pk=row.pk).exists()


def forge(viewer: Viewer, cast: Cast, **changed: Any) -> None:
    with viewing(viewer) as now:
        AdultLink(
            **{
                "district_id": cast.maple.pk,
                "made_by": viewer.person_id,
                "made_at": now,
                "matter_id": uuid4(),
                "expires_at": now + timedelta(days=1),
                "link_hash": b"x" * 32,
                **changed,
            }
        ).save(force_insert=True)


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        ("tom", {}),  # leads nothing
        ("tara", {"made_by": 1}),
        ("tara", {"own": True}),  # its own form's, for a day
        ("tara", {"district_id": -1}),
        ("tara", {"matter_id": None}),
        ("tara", {"expires_at": "far"}),
    ],
)
def test_the_database_refuses_a_link_that_is_not_ones_to_make(
    cast: Cast, who: str, changed: dict[str, Any]
) -> None:
    if changed.get("expires_at") == "far":
        changed = {"expires_at": database_now() + timedelta(days=30)}
    with pytest.raises(DatabaseError):
        forge(cast.viewer(who), cast, **changed)
    assert not AdultLink.objects.exists()


def test_nobody_shifts_the_exclusion_to_somebody_else(site: Site, cast: Cast) -> None:
    tara = cast.viewer("tara")
    forge(tara, cast, kept_out=b"y" * 32)
    row = AdultLink.objects.get()
    assert bytes(row.kept_out or b"") not in (b"y" * 32, b"")


def test_nothing_is_taken_down_by_no_link(cast: Cast) -> None:
    with pytest.raises(reporter.NotKept), transaction.atomic():
        reporter.file_tip(
            reporter.NewTip(token="t", text=SAID, language="en", channel="staff", tile="threat")
        )
    assert not Tip.objects.exists()


def test_a_center_of_one_still_reads_what_its_own_link_brought(site: Site, cast: Cast) -> None:
    path = a_link(cast, "alice")
    center = cast.maple.center_id
    Membership.objects.filter(team__center_id=center).exclude(
        person_id=cast.people["alice"].pk
    ).delete()
    send(site, path)
    assert not Exclusion.objects.exists()
    with viewing(cast.viewer("alice")):
        assert Tip.objects.exists()


def test_it_asks_whether_they_suspect_and_says_what_it_is_not(site: Site, cast: Cast) -> None:
    path = a_link(cast)
    form = text_of(site.get(path))
    assert "1-800-842-2288" in form
    assert "12 hours" in form
    assert "not that report" in " ".join(form.split())
    asked = send(site, path, suspects="")
    assert asked.status_code == 422
    assert SAID in text_of(asked)
    told = text_of(send(site, path, suspects="yes"))
    assert "Your own report is still to be made." in told
    assert "1-800-842-2288" in told


def test_who_suspects_abuse_makes_it_urgent_and_a_matter_of_duties(site: Site, cast: Cast) -> None:
    """It is a person's answer, whatever topic stands beside it; and a "no" takes nothing away."""
    for suspects in ("no", "yes"):
        answers = {"suspects": suspects, "tile": "bullying", "when": "past", "who_hurt": ""}
        code_in(send(site, a_link(cast), **answers))
    told, suspected = Tip.objects.order_by("received_at", "mandated")
    assert (told.priority, told.mandated) == ("routine", False)
    assert (suspected.priority, suspected.mandated) == ("urgent", True)
