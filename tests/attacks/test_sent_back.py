"""What a team has sent back it sees no more, also when somebody else is asked about it later."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.http import Http404

from conftest import Cast
from upstander.desk.tests.story import handed_off
from upstander.escalations.actions.by_hand import add_person
from upstander.escalations.models import Alert
from upstander.escalations.sweeps import sweep_steps
from upstander.people import factories
from upstander.people.roles import Role
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off, send_back

pytestmark = pytest.mark.django_db


def ask_the_office(cast: Cast, tip: UUID) -> None:
    """A counselor asks the district's lead besides; the worker does it."""
    alert = Alert.objects.exclude(state="ended").get(subject_id=tip)
    add_person(cast.viewer("alice"), alert.pk, cast.people["dee"].pk)
    while sweep_steps():
        pass


@pytest.mark.parametrize("restricted", [False, True])
def test_asking_the_office_gives_it_back_to_no_team(cast: Cast, restricted: bool) -> None:
    tip = handed_off(cast).tip_id
    if restricted:
        # Sealed to single persons of the team, and of the office.
        send_back(open_tip(cast.viewer("tom"), tip), "Wait.")
        exclude_people(open_tip(cast.viewer("alice"), tip), [cast.people["uma"].pk])
        hand_off(open_tip(cast.viewer("alice"), tip), [cast.teams["cedar"].pk], "A brief.")
    send_back(open_tip(cast.viewer("tom"), tip), "Not our student.")
    for name in ("tom", "tara", "uma", "dee"):
        with pytest.raises(Http404):
            open_tip(cast.viewer(name), tip)
    ask_the_office(cast, tip)
    for name in ("tom", "tara", "uma"):
        with pytest.raises(Http404):
            open_tip(cast.viewer(name), tip)
    assert cast.client("tom").get(f"/team/{tip}").status_code == 404
    assert open_tip(cast.viewer("dee"), tip).seeds, "the office was asked, and may look"


def test_the_office_by_name_is_let_in_where_one_of_it_is_excluded(cast: Cast) -> None:
    cast.people["eli"] = factories.make_person("Eli", cast.keys)
    factories.join(cast.people["eli"], cast.teams["maple"], Role.DISTRICT_LEAD, cast.keys)
    tip, excluded = handed_off(cast).tip_id, [cast.people[name].pk for name in ("eli", "uma")]
    send_back(open_tip(cast.viewer("tom"), tip), "Wait.")
    exclude_people(open_tip(cast.viewer("alice"), tip), excluded)
    hand_off(open_tip(cast.viewer("alice"), tip), [cast.teams["cedar"].pk], "A brief.")
    send_back(open_tip(cast.viewer("tom"), tip), "Not our student.")
    ask_the_office(cast, tip)
    assert open_tip(cast.viewer("dee"), tip).seeds
    for name in ("tom", "tara", "uma", "eli"):
        with pytest.raises(Http404):
            open_tip(cast.viewer(name), tip)
