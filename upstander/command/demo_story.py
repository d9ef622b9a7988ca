"""What the demo's staff have already done, told through the desk's own actions and role."""

from __future__ import annotations

import os
from importlib.resources import files


def main() -> None:
    """Answer one tip, hand two to their school, and let its team open a case from one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from upstander.command import demo_offices  # noqa: PLC0415
    from upstander.command.demo_cases import work_a_case  # noqa: PLC0415
    from upstander.command.demo_data import PASSPHRASE  # noqa: PLC0415
    from upstander.command.demo_guides import assess  # noqa: PLC0415
    from upstander.dispatch.oneroster import read_export  # noqa: PLC0415
    from upstander.dispatch.roster_import import import_roster  # noqa: PLC0415
    from upstander.places import sessions  # noqa: PLC0415
    from upstander.places.keys import unlock_by_password  # noqa: PLC0415
    from upstander.places.models import Person, Team  # noqa: PLC0415
    from upstander.places.roles import TeamKind  # noqa: PLC0415
    from upstander.places.scope import Viewer, viewing  # noqa: PLC0415
    from upstander.tips.actions import add_note, add_reply  # noqa: PLC0415
    from upstander.tips.models import Tip  # noqa: PLC0415
    from upstander.tips.opening import open_tip  # noqa: PLC0415
    from upstander.triage.actions import claim_tip  # noqa: PLC0415
    from upstander.triage.handoff import hand_off  # noqa: PLC0415

    def signed_in(email: str) -> Viewer:
        person = Person.objects.get(email=email)
        token = sessions.begin(person, unlock_by_password(person, PASSPHRASE), complete=True)
        row = sessions.read(token)
        if row is None:
            raise RuntimeError(f"{email} could not sign in")
        return row.viewer

    ben = signed_in("ben@lakeside.example")
    with viewing(ben):
        by_tile = {tip.tile: tip.pk for tip in Tip.objects.all()}
        cedar = Team.objects.get(kind=TeamKind.SCHOOL, school__slug="cedar-middle")
    claim_tip(ben, by_tile["sad"])
    opened = open_tip(ben, by_tile["sad"])
    add_reply(
        opened,
        "Hi, I'm a real person at the center. Thank you for telling us. Are you safe to write?",
    )
    add_note(opened, "First message today. Ask gently about sleep, and who is at home.")
    claim_tip(ben, by_tile["other"])
    opened = open_tip(ben, by_tile["other"])
    add_reply(opened, "Thank you. We are telling the school's team about the door now.")
    hand_off(
        opened,
        [cedar.pk],
        "What: an outside door by the gym (door 7) is said not to lock.\n"
        "Where: Cedar Middle, gym side. Now: yes.\n"
        "First: somebody should look at the door before the building fills.",
    )
    claim_tip(ben, by_tile["fight"])
    hand_off(
        open_tip(ben, by_tile["fight"]),
        [cedar.pk],
        "What: two students of grade 8 have been fighting; one was pushed yesterday.\n"
        "Where: Cedar Middle, locker room. Now: no.\n"
        "First: check in with both, apart from each other.",
    )
    sessions.end(ben.token)
    assess(signed_in, work_a_case(signed_in, by_tile["fight"]))
    # A made-up roster: so that a home address can be found at night.
    dana = signed_in("dana@maple.example")
    export = files("upstander.command").joinpath("demo_roster")
    names = ("orgs.csv", "users.csv", "demographics.csv")
    import_roster(
        dana,
        next(post.district_id for post in dana.posts if post.district_id),
        read_export([(name, export.joinpath(name).read_bytes()) for name in names]),
    )
    sessions.end(dana.token)
    demo_offices.tell(signed_in)


if __name__ == "__main__":
    main()
