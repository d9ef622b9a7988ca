"""The live stream of a team to whose members a tip was handed one by one."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Cast
from upstander.desk.tests.pages import LivePage, polled
from upstander.desk.tests.test_live import in_thread, run
from upstander.desk.tests.tips import a_tip
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert
from upstander.people import factories
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import claim_tip

__all__ = ["run"]


def test_what_was_handed_to_persons_is_told_to_them_and_to_no_one_who_joined_since(
    committed_cast: Cast, run: Callable[..., None]
) -> None:
    cast = committed_cast
    alice, tom = cast.viewer("alice"), cast.viewer("tom")
    filed = a_tip(cast)
    claim_tip(alice, filed.tip_id)
    exclude_people(open_tip(alice, filed.tip_id), [cast.people["uma"].pk])
    hand_off(open_tip(alice, filed.tip_id), [cast.teams["cedar"].pk], "Brief.")
    for name in ("nora", "nell"):
        cast.people[name] = factories.make_person(name.capitalize(), cast.keys)
        factories.join(cast.people[name], cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
        cast.client(name)
    first, last = (cast.viewer(name) for name in ("nora", "nell"))

    async def story() -> None:
        # One who joined since comes before, and one after: whoever is looked through first.
        async with (
            LivePage(first.token, at="team") as before,
            LivePage(tom.token, at="team") as page,
            LivePage(last.token, at="team") as after,
        ):
            for one in (before, page, after):
                await one.until("here")

            def say() -> None:
                with viewing(tom):
                    alert = Alert.objects.get(subject_id=filed.tip_id, state=Alert.State.OPEN)
                acknowledge(tom, alert.pk, Acknowledgement.Answer.HAVE_IT)

            await in_thread(say)
            await page.until("tip", filed.tip_id)
            await polled()
            for one in (before, after):
                assert str(filed.tip_id) not in str(one.sent)

    run(story)
