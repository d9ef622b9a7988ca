"""Who sees a case: its team, whom it is shared with, and nobody whom it is about."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.http import Http404

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.cases import queries
from upstander.cases.actions.ending import close_case
from upstander.cases.actions.sharing import (
    begin_inner,
    hand_over,
    keep_out_of,
    name_inner,
    raise_to_life_safety,
    share_case,
    withdraw_share,
)
from upstander.cases.actions.support import add_action
from upstander.cases.actions.timeline import add_item, read_items
from upstander.cases.actions.together import link_case, links_of
from upstander.cases.models import Case, CaseItem
from upstander.cases.people import add_person, change_person, involved, near, seers
from upstander.cases.tests.story import begin, opened, pass_time, sees, teacher, who_sees
from upstander.people import factories
from upstander.people.roles import Role
from upstander.people.scope import viewing


@pytest.mark.django_db
def test_its_team_sees_it_and_nobody_else(cast: Cast) -> None:
    case = begin(cast)
    assert who_sees(cast, case) == {"tara", "tom", "uma"}
    for name in ("tom", "uma"):
        one = opened(cast, name, case)
        add_item(one, "note", {"words": f"From {name}."})
        with viewing(one.viewer):
            assert read_items(one)[-1].words == {"words": f"From {name}."}
    with pytest.raises(Http404):
        opened(cast, "bob", case)
    assert CaseItem.objects.filter(case_id=case).count() == 3


@pytest.mark.django_db
def test_nobody_opens_one_for_a_team_of_others(cast: Cast) -> None:
    with pytest.raises(Http404):
        begin(cast, "bob")
    with pytest.raises(Http404):
        begin(cast, "alice")


@pytest.mark.django_db
def test_whoever_it_is_about_never_sees_it(cast: Cast) -> None:
    case = begin(cast, keep_out=(cast.people["uma"].pk,))
    assert who_sees(cast, case) == {"tara", "tom"}
    with pytest.raises(Http404):
        opened(cast, "uma", case)
    # Not even a key of the team's that she holds opens it: it was sealed to the others one by one.
    one = opened(cast, "tom", case)
    with viewing(one.viewer):
        assert {seer.name for seer in seers(one, near(one))} == {"Tara", "Tom"}
    with pytest.raises(Refused):
        begin(cast, keep_out=(cast.people["tara"].pk,))


@pytest.mark.django_db
def test_kept_out_later_and_at_once(cast: Cast) -> None:
    case = begin(cast)
    keep_out_of(opened(cast, "tara", case), [cast.people["uma"].pk], "It is about her.")
    assert who_sees(cast, case) == {"tara", "tom"}
    add_item(opened(cast, "tom", case), "note", {"words": "Still mine."})
    with pytest.raises(Refused):
        keep_out_of(opened(cast, "tom", case), [cast.people["tara"].pk], "They lead it.")


@pytest.mark.django_db
def test_not_even_who_opened_it_sees_it_once_kept_out(cast: Cast) -> None:
    case = begin(cast, "tara")
    hand_over(opened(cast, "tara", case), cast.people["tom"].pk)
    keep_out_of(opened(cast, "tom", case), [cast.people["tara"].pk], "It turned out so.")
    assert who_sees(cast, case) == {"tom", "uma"}
    client = cast.client("tara")
    assert client.get(f"/cases/{case}").status_code == 404
    assert str(case) not in client.get("/cases?list=mine").content.decode()


@pytest.mark.django_db
def test_shared_for_a_reason_and_a_time(cast: Cast) -> None:
    case, tess = begin(cast), teacher(cast)
    one, now = opened(cast, "tom", case), database_now()
    for reason, until in (
        ("", now + timedelta(days=1)),
        ("Why", now - timedelta(days=1)),
        ("Why", now + timedelta(days=400)),
    ):
        with pytest.raises(Refused):
            share_case(one, tess, reason, until)
    with pytest.raises(Refused):  # the center's staff see its state on the tip, no more
        share_case(one, cast.people["alice"].pk, "A reason.", now + timedelta(days=1))
    share_case(one, tess, "Teaches the class.", now + timedelta(days=2))
    assert sees(cast.viewer("tess"), case)
    assert Notice.objects.filter(person_id=tess, kind="case_shared").count() == 1
    theirs = opened(cast, "tess", case)
    add_item(theirs, "note", {"words": "Seen in class today."})
    # They add to it and decide nothing about it.
    for act in (
        lambda: share_case(theirs, cast.people["bob"].pk, "Why", now + timedelta(days=1)),
        lambda: close_case(theirs, "resolved", "Over."),
        lambda: hand_over(theirs, tess),
        lambda: raise_to_life_safety(theirs, "Why"),
    ):
        with pytest.raises(Refused):
            act()
    pass_time(days=2, seconds=1)
    assert who_sees(cast, case) == {"tara", "tom", "uma"}
    with pytest.raises(Http404):
        add_item(theirs, "note", {"words": "Too late."})


@pytest.mark.django_db
def test_a_share_is_taken_back_at_once(cast: Cast) -> None:
    case, tess = begin(cast), teacher(cast)
    share_case(opened(cast, "tom", case), tess, "Why.", database_now() + timedelta(days=30))
    withdraw_share(opened(cast, "uma", case), tess, "No more needed.")
    assert who_sees(cast, case) == {"tara", "tom", "uma"}
    with pytest.raises(Refused):
        withdraw_share(opened(cast, "uma", case), cast.people["tom"].pk)


@pytest.mark.django_db
def test_some_things_only_the_lead_and_those_they_name_see(cast: Cast) -> None:
    case = begin(cast, "tara")
    with pytest.raises(Refused):
        begin_inner(opened(cast, "tom", case))
    tara = begin_inner(opened(cast, "tara", case))
    person = add_person(
        tara, "Somebody Named", role="harmed", sure="said", words="In confidence.", inner=True
    )

    def reads(name: str) -> bool:
        one = opened(cast, name, case)
        with viewing(one.viewer):
            return any("In confidence." in entry.words.values() for entry in read_items(one))

    assert [reads(name) for name in ("tara", "tom", "uma")] == [True, False, False]
    name_inner(tara, cast.people["uma"].pk)
    assert [reads(name) for name in ("tara", "tom", "uma")] == [True, False, True]
    uma = opened(cast, "uma", case)
    with viewing(uma.viewer):
        entries = read_items(uma)
    change_person(uma, entries, person, role="harmed", sure="sure")
    with viewing(uma.viewer):
        (known,) = involved(read_items(uma))
    assert (known.name, known.sure, known.inner) == ("Somebody Named", "sure", True)
    # What is done about it is as narrow, and nobody outside can be given it.
    with pytest.raises(Refused):
        add_action(uma, "check_in", owner_id=cast.people["tom"].pk, inner=True)
    add_action(uma, "check_in", "With the door shut.", inner=True)
    assert b"With the door shut." not in cast.client("tom").get(f"/cases/{case}").content
    assert b"With the door shut." in cast.client("uma").get(f"/cases/{case}").content


@pytest.mark.django_db
def test_a_link_is_seen_by_who_sees_both(cast: Cast) -> None:
    first = begin(cast)
    second = begin(cast, keep_out=(cast.people["uma"].pk,))
    other = Case.objects.get(pk=second).reference
    link_case(opened(cast, "tom", first), other.lower())
    for name, seen in (("tom", [second]), ("uma", [])):
        one = opened(cast, name, first)
        with viewing(one.viewer):
            assert [case.pk for case in links_of(one)] == seen
    page = cast.client("uma").get(f"/cases/{first}").content.decode()
    assert other not in page
    with pytest.raises(Refused):
        link_case(opened(cast, "uma", first), other)


@pytest.mark.django_db
def test_its_page_shows_what_stands_in_it(cast: Cast) -> None:
    case, tom = begin(cast), cast.client("tom")
    page = tom.get(f"/cases/{case}")
    assert page.status_code == 200
    assert b"A teacher is worried." in page.content
    for address, sent in (
        ("note", {"kind": "facts", "words": "By the gym, at noon."}),
        ("person", {"name": "A student of grade 7", "role": "in_need", "sure": "said"}),
        ("action", {"kind": "check_in", "words": "After lunch.", "owner": ""}),
    ):
        assert tom.post(f"/cases/{case}/{address}", sent).status_code == 302, address
    page = tom.get(f"/cases/{case}")
    for words in (b"By the gym", b"A student of grade 7", b"After lunch."):
        assert words in page.content
    assert str(case) in tom.get("/cases?list=team").content.decode()
    assert b"Check in with the student" in tom.get("/cases?list=due").content
    assert cast.client("bob").get(f"/cases/{case}").status_code == 404
    assert str(case) not in cast.client("bob").get("/cases").content.decode()


@pytest.mark.django_db
def test_a_list_goes_on_where_its_page_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    factories.join(cast.people["tom"], cast.teams["birch"], Role.TEAM_MEMBER, cast.keys)
    cases = {begin(cast, "tom") for _ in range(3)}
    cases |= {begin(cast, "tom", team_id=cast.teams["birch"].pk) for _ in range(2)}
    tom = cast.viewer("tom")
    seen: list[UUID] = []
    after: queries.Place | None = None
    for _ in range(3):
        with viewing(tom) as now:
            rows, after = queries.cases_of(tom, "team", now, after)
        seen += [row.case.pk for row in rows]
        # As the link carries it.
        after = queries.place_of(str(after)) if after else None
    assert after is None
    assert len(seen) == len(set(seen)) == 5
    assert set(seen) == cases
    assert queries.place_of("2026-01-01~x") is queries.place_of("~") is None
