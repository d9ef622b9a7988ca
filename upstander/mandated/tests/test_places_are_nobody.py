"""Names of places are nobody's, also where a report or a case begins and where one is filed."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.cases.models import Case
from upstander.mandated.copying import unasked_of
from upstander.mandated.models import Duty
from upstander.mandated.recipients import officers_of
from upstander.mandated.register.meant import may_mean
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.mandated.tests.test_who_of_staff import form, rename
from upstander.matters.folders import open_folder
from upstander.people import factories
from upstander.people.models import Team
from upstander.people.roles import Role
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db

PLACE, NAME = "It was in Maple Valley, at Cedar Middle School.", "Ms. Maple did it."


def test_an_entry_is_kept_from_no_officer_for_the_districts_name(cast: Cast) -> None:
    offices(cast)
    rename(cast, "cleo", "Cleo Maple")
    with viewing(cast.viewer("tess")):
        officers = officers_of(cast.maple.pk)
        assert may_mean(officers, PLACE, cast.maple.pk) == set()
        assert may_mean(officers, NAME, cast.maple.pk) == {cast.people["cleo"].pk}


@pytest.mark.parametrize(("words", "named"), [(PLACE, False), (NAME, True)])
def test_a_copy_passes_nobody_by_for_it(cast: Cast, words: str, *, named: bool) -> None:
    offices(cast)
    duty = Duty.objects.get(pk=suspect(cast, words={"facts": words}))
    new = factories.make_person("Ilka Maple", cast.keys)
    factories.join(new, Team.objects.get(name="Maple's office"), Role.COMPLIANCE_LEAD, cast.keys)
    factories.sign_what_stands()
    folder = open_folder(cast.viewer("tess"), duty.folder_id, "duty", purpose="test")
    with viewing(cast.viewer("tess")):
        assert (new.pk in unasked_of(folder, duty)) is named


@pytest.mark.parametrize(("words", "status"), [(PLACE, 302), (NAME, 200)])
def test_a_report_asks_about_nobody_for_it(cast: Cast, words: str, status: int) -> None:
    offices(cast)
    rename(cast, "hana", "Hana Maple")
    sent = form(cast, rule="abuse", about="nobody", facts=words)
    assert cast.client("tess").post("/suspect", sent).status_code == status


@pytest.mark.parametrize(("words", "status"), [(PLACE, 302), (NAME, 422)])
def test_a_case_asks_about_nobody_for_it(cast: Cast, words: str, status: int) -> None:
    offices(cast)
    rename(cast, "hana", "Hana Maple")
    sent = {"concern": "abuse", "why": words, "team": cast.teams["cedar"].pk}
    assert cast.client("tom").post("/cases/new", sent).status_code == status
    assert Case.objects.exists() is (status == 302)
