"""This child again: found by those who may see the earlier tip, and by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.http import Http404

from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.people.actions.leaving import remove_member
from upstander.tips import reporter
from upstander.tips.actions.subjects import (
    DETAILS_LIMIT,
    NAME_LIMIT,
    earlier_matters,
    name_subject,
    remove_subject,
    subjects_of,
)
from upstander.tips.blind_indexes import Closeness
from upstander.tips.models import Subject, SubjectBlindIndex
from upstander.tips.opening import OpenTip, open_tip

if TYPE_CHECKING:
    from conftest import Cast

pytestmark = pytest.mark.django_db


def a_tip(cast: Cast, school: str = "cedar") -> UUID:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="She sits alone every day.",
            language="en",
            tile="bullying",
            school_id=getattr(cast, school).pk,
        )
    ).tip_id


def opened(cast: Cast, tip_id: UUID, name: str = "alice") -> OpenTip:
    return open_tip(cast.viewer(name), tip_id)


def found(cast: Cast, tip_id: UUID, name: str = "alice") -> list[UUID]:
    return [match.tip_id for match in earlier_matters(opened(cast, tip_id, name))]


def test_a_name_is_kept_sealed_and_read_again(cast: Cast) -> None:
    tip = a_tip(cast)
    name_subject(opened(cast, tip), "  María   Torres ", "Grade 7, red glasses")
    (known,) = subjects_of(opened(cast, tip, "bea"))
    assert (known.name, known.details) == ("María Torres", "Grade 7, red glasses")
    row = Subject.objects.get()
    assert b"Torres" not in bytes(row.sealed)
    entry = Entry.objects.get(action="person named")
    assert "torres" not in str(entry.detail).lower()


def test_another_spelling_finds_the_earlier_tip(cast: Cast) -> None:
    first, second, third = a_tip(cast), a_tip(cast, "birch"), a_tip(cast, "aspen")
    name_subject(opened(cast, first), "Maria Elena Torres")
    name_subject(opened(cast, second, "bea"), "M. Torres")
    name_subject(opened(cast, third), "torres, maría elena")
    matches = earlier_matters(opened(cast, third, "bea"))
    assert [(match.tip_id, match.closeness) for match in matches] == [
        (first, Closeness.SAME),
        (second, Closeness.INITIAL),
    ]
    assert not matches[0].linked
    assert found(cast, first) == [third, second]


def test_nobody_named_finds_nothing(cast: Cast) -> None:
    name_subject(opened(cast, a_tip(cast)), "Maria Torres")
    assert found(cast, a_tip(cast)) == []


def test_one_word_alone_counts_within_its_school_only(cast: Cast) -> None:
    here, same, other = a_tip(cast), a_tip(cast), a_tip(cast, "birch")
    for tip in (here, same, other):
        name_subject(opened(cast, tip), "Kevin")
    assert found(cast, here) == [same]


def test_another_centers_tips_are_never_found(cast: Cast) -> None:
    ours, theirs = a_tip(cast), a_tip(cast, "quay")
    name_subject(opened(cast, ours), "Maria Torres")
    name_subject(opened(cast, theirs, "cora"), "Maria Torres")
    assert found(cast, ours) == []
    assert found(cast, theirs, "cora") == []


def test_names_outlive_a_change_of_the_teams_key(cast: Cast) -> None:
    before = a_tip(cast)
    name_subject(opened(cast, before, "bea"), "Maria Torres")
    blind_indexes = {bytes(row.blind_index) for row in SubjectBlindIndex.objects.all()}
    remove_member(cast.viewer("sam"), cast.teams["lakeside"].pk, cast.people["bea"].pk)
    after = a_tip(cast)
    name_subject(opened(cast, after), "Maria Torres")
    assert found(cast, after) == [before]
    assert found(cast, before) == [after]
    # What was named afterwards carries no blind index that who left could compute.
    assert not blind_indexes & {
        bytes(row.blind_index) for row in SubjectBlindIndex.objects.filter(tip_id=after)
    }


def test_who_was_named_by_mistake_is_taken_out_with_their_blind_indexes(cast: Cast) -> None:
    first, second = a_tip(cast), a_tip(cast)
    name_subject(opened(cast, second), "Maria Torres")
    row = name_subject(opened(cast, first), "Maria Torres")
    with pytest.raises(Http404):
        remove_subject(opened(cast, second), row.pk)
    remove_subject(opened(cast, first), row.pk)
    assert subjects_of(opened(cast, first)) == []
    assert not SubjectBlindIndex.objects.filter(tip_id=first).exists()
    assert found(cast, second) == []


def test_what_is_no_name_is_refused_in_words(cast: Cast) -> None:
    tip = opened(cast, a_tip(cast))
    for name, details in (
        ("", ""),
        (" ?! ", ""),
        ("x" * (NAME_LIMIT + 1), ""),
        ("Maria", "x" * (DETAILS_LIMIT + 1)),
    ):
        with pytest.raises(Refused):
            name_subject(tip, name, details)
    name_subject(tip, "Maria Torres")
    with pytest.raises(Refused):
        name_subject(tip, "TORRES María")


def test_a_sign_in_without_keys_opens_nothing(cast: Cast) -> None:
    tip = a_tip(cast)
    with pytest.raises(Http404):
        open_tip(cast.viewer("alice", unlocked=False), tip)
