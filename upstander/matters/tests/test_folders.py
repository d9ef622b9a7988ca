"""Folders open for whom they were granted to, until they no longer are, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.http import Http404

from conftest import Cast, database_now
from upstander.matters import folders
from upstander.matters.models import FolderGrant, Matter
from upstander.people.keys import Locked, name_in
from upstander.people.scope import Viewer, viewing
from upstander.vault.errors import VaultError


def a_folder(cast: Cast, viewer: Viewer, *teams: str) -> folders.OpenFolder:
    with viewing(viewer):
        return folders.new_folder(
            viewer,
            "case",
            district_id=cast.maple.pk,
            school_id=cast.cedar.pk,
            holders=folders.holders_for(None, [cast.teams[name] for name in teams]),
        )


@pytest.mark.django_db
def test_a_folder_opens_for_its_maker_and_the_team_it_was_granted_to(cast: Cast) -> None:
    made = a_folder(cast, cast.viewer("tara"), "cedar")
    sealed = made.seal("words", made.id, "A quiet word.")
    for name in ("tara", "tom"):
        opened = folders.open_folder(cast.viewer(name), made.id, "case")
        assert opened.read("words", made.id, sealed) == "A quiet word."


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["bob", "paul", "charlie", "dee", "alice", "cora", "ada"])
def test_nobody_else_learns_that_there_is_one(cast: Cast, name: str) -> None:
    made = a_folder(cast, cast.viewer("tara"), "cedar")
    viewer = cast.viewer(name)
    with pytest.raises((Http404, ProgrammingError)):
        folders.open_folder(viewer, made.id, "case")


@pytest.mark.django_db
def test_words_open_in_their_own_row_and_purpose_only(cast: Cast) -> None:
    made = a_folder(cast, cast.viewer("tara"))
    sealed = made.seal("words", made.id, "A quiet word.")
    for purpose, row in (("words", uuid4()), ("other", made.id)):
        with pytest.raises(VaultError):
            made.read(purpose, row, sealed)


@pytest.mark.django_db
def test_a_share_ends_when_its_time_is_over_or_it_is_taken_back(cast: Cast) -> None:
    tara, bob = cast.viewer("tara"), cast.viewer("bob")
    made = a_folder(cast, tara)
    him = folders.person_holder(bob.person_id)
    with viewing(tara):
        folders.share_folder(made, [him], until=database_now() + timedelta(hours=1))
    assert folders.open_folder(bob, made.id, "case").seed == made.seed
    FolderGrant.objects.filter(holder=name_in(bob.person_id, made.id)).update(until=database_now())
    with pytest.raises(Http404):
        folders.open_folder(bob, made.id, "case")
    with viewing(tara):
        folders.share_folder(made, [him])
        assert folders.withdraw_folder(made.id, him[0])
    with pytest.raises(Http404):
        folders.open_folder(bob, made.id, "case")


@pytest.mark.django_db
def test_whoever_made_it_cant_be_shut_out_and_a_stranger_cant_let_themselves_in(cast: Cast) -> None:
    tara = cast.viewer("tara")
    made = a_folder(cast, tara, "cedar")
    with pytest.raises(ProgrammingError), viewing(cast.viewer("tom")):
        folders.withdraw_folder(made.id, f"person:{tara.person_id}")
    with pytest.raises(ProgrammingError), viewing(cast.viewer("bob")):
        folders.share_folder(made, [folders.person_holder(cast.people["bob"].pk)])


@pytest.mark.django_db
def test_a_exclusion_hides_it_from_the_excluded_and_grants_pass_them_by(cast: Cast) -> None:
    tara = cast.viewer("tara")
    first = a_folder(cast, tara, "cedar")
    tom = cast.people["tom"].pk
    with viewing(tara):
        folders.keep_out(first.id, [tom])
    assert Matter.objects.get(pk=first.matter_id).restricted
    with pytest.raises(ProgrammingError), viewing(cast.viewer("bob")):
        folders.keep_out(first.id, [cast.people["uma"].pk])
    with pytest.raises(Http404):
        folders.open_folder(cast.viewer("tom"), first.id, "case")
    with viewing(tara):
        holders = folders.holders_for(first.matter_id, [cast.teams["cedar"]])
        assert cast.teams["cedar"].holder not in [name for name, _ in holders]
        assert folders.person_holder(tom) not in holders
        second = folders.new_folder(
            tara, "case", district_id=cast.maple.pk, matter_id=first.matter_id, holders=holders
        )
    assert folders.open_folder(cast.viewer("uma"), second.id, "case").seed == second.seed
    with pytest.raises(ProgrammingError), viewing(tara):
        folders.share_folder(second, [folders.person_holder(tom)])
    # Nothing says whose the opaque codes are.
    shown = set(FolderGrant.objects.filter(folder_id=second.id).values_list("holder", flat=True))
    assert shown.isdisjoint({f"person:{tom}", str(tom)})


@pytest.mark.django_db
def test_without_the_shred_key_it_is_forgotten(cast: Cast) -> None:
    made = a_folder(cast, cast.viewer("tara"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM vault_shredkey WHERE subject = %s", [made.id])
    with pytest.raises(folders.FolderShut):
        folders.open_folder(cast.viewer("tara"), made.id, "case")


@pytest.mark.django_db
def test_another_districts_matter_or_district_is_refused(cast: Cast) -> None:
    tara = cast.viewer("tara")
    with pytest.raises(ProgrammingError) as refused, viewing(tara):
        folders.new_folder(tara, "case", district_id=cast.harbor.pk)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    strange = Matter.objects.create(district_id=cast.harbor.pk)
    with pytest.raises(ProgrammingError), viewing(tara):
        folders.new_folder(tara, "case", district_id=cast.maple.pk, matter_id=strange.pk)


@pytest.mark.django_db
def test_a_locked_sign_in_opens_none(cast: Cast) -> None:
    made = a_folder(cast, cast.viewer("tara"))
    with pytest.raises(Locked):
        folders.open_folder(cast.viewer("tara", unlocked=False), made.id, "case")
