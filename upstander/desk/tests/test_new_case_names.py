"""A case that is opened about somebody on staff is not read by them for want of a tick."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cast
from upstander.cases.models import Case
from upstander.cases.tests.story import begin
from upstander.desk.tests.test_team_cases import sees
from upstander.mandated.tests.test_duties import offices
from upstander.mandated.tests.test_who_of_staff import rename
from upstander.matters.models import Exclusion
from upstander.matters.tests.test_people_near import one_of_each
from upstander.people import factories
from upstander.people.roles import Role

pytestmark = pytest.mark.django_db

WHY = "A girl says that Ms. Renner, our principal, locks her in."


def sent(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"concern": "abuse", "why": WHY, "team": cast.teams["cedar"].pk, **more}


def head_in_the_team(cast: Cast) -> int:
    """Make the head of Cedar, who is of the team that works its cases too; return their id."""
    offices(cast)
    rename(cast, "hana", "Paula Renner")
    factories.join(cast.people["hana"], cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
    return cast.people["hana"].pk


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("why", "Ms. Renner did it"),
        ("why", "our principal did it"),
        ("raised_by", "A parent, about Paula"),
        ("raised_by", "the directora’s niece"),
    ],
)
def test_words_that_name_the_head_are_asked_about_and_kept(
    cast: Cast, field: str, words: str
) -> None:
    head = head_in_the_team(cast)
    client = cast.client("tom")
    typed = sent(cast, **{"why": "She told me.", field: words})
    asked = client.post("/cases/new", typed)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Your words name someone on staff" in page
    assert "Paula Renner (" in page
    assert words.split(maxsplit=1)[0] in page
    assert not Case.objects.exists()
    known = asked.context["form"]["asked_about"].value()
    # Pressed again without an answer: asked again. Answered, they see nothing of it.
    assert client.post("/cases/new", {**typed, "asked_about": known}).status_code == 422
    said = {**typed, "asked_about": known, "meant": "out", "meant_people": [head]}
    # Somebody else met since is asked about too.
    assert client.post("/cases/new", {**said, "why": "Uma saw it."}).status_code == 422
    assert not Case.objects.exists()
    assert client.post("/cases/new", said).status_code == 302
    case = Case.objects.get().pk
    assert not sees(cast.viewer("hana"), case)
    assert cast.client("hana").get(f"/cases/{case}").status_code == 404
    assert sees(cast.viewer("tom"), case)


def test_only_mentioned_is_an_answer_too_and_a_choice_is_not_asked_about(cast: Cast) -> None:
    head = head_in_the_team(cast)
    client = cast.client("tom")
    asked = client.post("/cases/new", sent(cast))
    known = asked.context["form"]["asked_about"].value()
    said = sent(cast, asked_about=known, meant="not")
    assert client.post("/cases/new", said).status_code == 302
    assert sees(cast.viewer("hana"), Case.objects.get().pk)
    assert client.post("/cases/new", sent(cast, keep_out=[head])).status_code == 302
    assert Exclusion.objects.count() == 1


def test_an_office_that_nobody_is_known_to_hold_is_asked_about(cast: Cast) -> None:
    client = cast.client("tom")
    typed = sent(cast, why="The headmaster did it.")
    asked = client.post("/cases/new", typed)
    assert "Your words name someone on staff" in asked.content.decode()
    known = asked.context["form"]["asked_about"].value()
    nobody = client.post("/cases/new", {**typed, "asked_about": known, "meant": "out"})
    assert "choose them from the list" in nobody.content.decode()
    assert not Case.objects.exists()
    uma = [cast.people["uma"].pk]
    said = {**typed, "asked_about": known, "meant": "out", "keep_out": uma}
    assert client.post("/cases/new", said).status_code == 302
    assert not sees(cast.viewer("uma"), Case.objects.get().pk)


def test_everybody_to_whom_a_rule_grants_can_be_kept_out_of_a_case(cast: Cast) -> None:
    made = {role: person.pk for role, person in one_of_each(cast).items()}
    case = begin(cast, "tara")
    client = cast.client("tara")
    offered = client.get("/cases/new").context["form"].fields["keep_out"].choices
    assert set(made.values()) <= {person for _team, people in offered for person, _name in people}
    page = client.get(f"/cases/{case}").content.decode()
    for role, person in made.items():
        assert f'<option value="{person}">' in page, role
    before = Exclusion.objects.count()
    for person in made.values():
        shut = client.post(f"/cases/{case}/keep-out", {"person": person, "words": "It is of them."})
        assert shut.status_code == 302
    assert Exclusion.objects.count() == before + len(made)
    new = client.post("/cases/new", sent(cast, why="Said.", keep_out=list(made.values())))
    assert new.status_code == 302
    assert Exclusion.objects.count() == before + 2 * len(made)


def test_nobody_of_elsewhere_is_offered_or_kept_out(cast: Cast) -> None:
    case = begin(cast, "tara")
    charlie = cast.people["charlie"].pk
    client = cast.client("tara")
    shut = client.post(f"/cases/{case}/keep-out", {"person": charlie, "words": "Why."})
    assert shut.status_code == 422
    assert not Exclusion.objects.exists()
    assert client.post("/cases/new", sent(cast, why="Said.", keep_out=[charlie])).status_code == 422
