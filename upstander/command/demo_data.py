"""Made-up places and people for `upstander demo`. Nobody and no school in it is real."""

from __future__ import annotations

import os
import subprocess
import sys

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.db import transaction

from upstander.command import demo_offices, demo_oncall
from upstander.command.demo_phones import give_phones
from upstander.command.launch import dying_with_us
from upstander.config.home import Home
from upstander.directory.actions import load_services
from upstander.places import keys
from upstander.places.factories import sign_what_stands
from upstander.places.models import Center, District, Membership, Person, School, Team
from upstander.places.recovery import make_recovery
from upstander.places.roles import Role, TeamKind
from upstander.tips import reporter

#: One passphrase for all of the demo's people. A real system makes one for each.
PASSPHRASE = "quiet-lantern-over-water"  # noqa: S105 - the demo's, printed on its screen

#: name, email, team, role, what the printed list says
_PEOPLE = (
    ("Nadia Okafor", "nadia@lakeside.example", "center", Role.COUNSELOR, "night counselor"),
    ("Ben Castellano", "ben@lakeside.example", "center", Role.COUNSELOR, "second counselor"),
    ("Ruth Amsel", "ruth@lakeside.example", "center", Role.CENTER_SUPERVISOR, "supervisor"),
    ("Miriam Vale", "miriam@maple.example", "cedar", Role.TEAM_LEAD, "team lead, Cedar Middle"),
    ("Tomás Rivera", "tomas@maple.example", "cedar", Role.TEAM_MEMBER, "team member, Cedar Middle"),
    ("Grace Hallam", "grace@maple.example", "cedar", Role.TEAM_MEMBER, "team member, Cedar Middle"),
    ("Owen Pryce", "owen@maple.example", "birch", Role.TEAM_LEAD, "team lead, Birch High"),
    ("Dana Whitlock", "dana@maple.example", "district", Role.DISTRICT_LEAD, "district lead"),
    (
        "Ilse Brandt",
        "ilse@harbor.example",
        "quay",
        Role.TEAM_LEAD,
        "another district: sees nothing",
    ),
    ("Arun Mehta", "admin@lakeside.example", "administration", Role.ADMINISTRATOR, "administrator"),
    ("Rosa Ferreira", "officer@maple-police.example", "police", Role.OFFICER, "police contact"),
    *demo_offices.PEOPLE,
)


def load(home: Home) -> list[tuple[str, str]]:
    """Put the demo's data in, once, and return whom one can sign in as. Runs as the owner."""
    if not Center.objects.exists():
        with transaction.atomic(durable=True):
            _make_places_and_people()
            load_services()
        _file_tips()
        _tell_the_story(home)
    give_phones(home, {email: told for _, email, _, _, told in _PEOPLE})
    return [
        *((f"{email}", f"{told}") for _, email, _, _, told in _PEOPLE),
        ("passphrase for all", PASSPHRASE),
        ("second factor", "the sign-in page of the demo shows the six digits"),
    ]


def _make_places_and_people() -> None:
    center = Center.objects.create(
        name="Lakeside Crisis Center", slug="lakeside", callback_phone="(555) 010-0100"
    )
    maple = District.objects.create(
        center=center,
        name="Maple Valley Schools",
        slug="maple-valley",
        languages=["en", "es", "ar"],
        catch_all=True,
    )
    harbor = District.objects.create(
        center=center, name="Harbor Point Schools", slug="harbor-point", languages=["en", "es"]
    )
    schools = {
        slug: School.objects.create(
            district=district,
            name=name,
            slug=slug,
            grades=grades,
            address=address,
            town=town,
            languages=["en", "es"],
            psap_name=f"{town} Emergency Communications",
            psap_phone="(555) 010-0911",
            emergency_contact="Main office, (555) 010-0120",
        )
        for district, name, slug, grades, address, town in (
            (
                maple,
                "Cedar Middle School",
                "cedar-middle",
                "6-8",
                "12 Orchard Lane",
                "Maple Valley",
            ),
            (maple, "Birch High School", "birch-high", "9-12", "300 Mill Road", "Maple Valley"),
            (maple, "Alder Elementary School", "alder", "K-5", "8 Brook Street", "Maple Valley"),
            (harbor, "Quay High School", "quay-high", "9-12", "1 Pier Avenue", "Harbor Point"),
        )
    }
    teams = {
        "center": Team(kind=TeamKind.CENTER, name="Lakeside counselors", center=center),
        "cedar": _school_team(schools["cedar-middle"]),
        "birch": _school_team(schools["birch-high"]),
        "quay": _school_team(schools["quay-high"]),
        "district": Team(kind=TeamKind.DISTRICT, name="Maple Valley office", district=maple),
        "administration": Team(kind=TeamKind.ADMINISTRATION, name="System administration"),
        "police": Team(kind=TeamKind.POLICE, name="Maple Valley police", district=maple),
    }
    for team in teams.values():
        team.save()
    teams |= demo_offices.teams(
        maple, {slug: school for slug, school in schools.items() if school.district == maple}
    )
    teams["monitor"].save()
    members: dict[str, list[Person]] = {name: [] for name in teams}
    for name, email, team_name, role, _told in _PEOPLE:
        person = Person(email=email, name=name, phone="(555) 010-0199")
        person.set_password(PASSPHRASE)
        person.save()
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
        keys.make_person_key(person, PASSPHRASE)
        Authenticator.objects.create(
            user=person,
            type=Authenticator.Type.TOTP,
            data={"secret": get_adapter().encrypt(generate_totp_secret())},
        )
        Membership.objects.create(
            team=teams[team_name],
            person=person,
            role=role,
            reachable_at_night=role != Role.TEAM_LEAD,
        )
        members[team_name].append(person)
    demo_oncall.plan(
        teams["cedar"],
        teams["center"],
        {person.email.split("@")[0]: person for some in members.values() for person in some},
        maple,
    )
    sign_what_stands()
    made = {team: keys.make_team_key(team, members[name]) for name, team in teams.items()}
    # The shares of a demo are nobody's: a real system prints them once, for two safes.
    make_recovery(
        [center, maple, harbor, None], {team: {1: pair.private} for team, pair in made.items()}
    )


def _school_team(school: School) -> Team:
    return Team(
        kind=TeamKind.SCHOOL, name=f"{school.name} team", district=school.district, school=school
    )


#: text, language, tile, answers, school. Fictional and restrained; nothing here instructs.
_TIPS: tuple[tuple[str, str, str, dict[str, str], str], ...] = (
    (
        "A boy in my class said he can't do this any more and gave his headphones away. "
        "I am worried about tonight.",
        "en",
        "suicide",
        {
            "who": "someone",
            "when": "soon",
            "source": "told",
            "subject": "grade 8, plays drums",
            "home_safe": "unknown",
        },
        "cedar-middle",
    ),
    (
        "Unas chicas le escriben cosas crueles a mi amiga todos los días y ya no quiere venir.",
        "es",
        "bullying",
        {"who": "someone", "when": "days", "source": "online"},
        "cedar-middle",
    ),
    (
        "In a group chat somebody wrote that Friday will be a bad day for the school. "
        "It may be a joke. It did not feel like one.",
        "en",
        "threat",
        {"who": "group", "when": "days", "source": "online", "who_hurt": "many"},
        "birch-high",
    ),
    (
        "A coach keeps asking one girl to stay alone after practice and she looks scared.",
        "en",
        "adult",
        {"who": "someone", "when": "days", "source": "saw", "not_see": "the track coach"},
        "birch-high",
    ),
    (
        "Door 7 by the gym does not lock. Anybody can walk in.",
        "en",
        "other",
        {"who": "group", "when": "now", "source": "saw"},
        "cedar-middle",
    ),
    (
        "I have not been eating much and I feel alone. I don't know whom to tell.",
        "en",
        "sad",
        {"who": "me", "when": "days", "source": "self", "home_safe": "yes"},
        "birch-high",
    ),
    (
        "Two boys in grade 8 fight in the locker room nearly every day. Yesterday one was pushed "
        "into the wall. They both say it is nothing.",
        "en",
        "fight",
        {"who": "someone", "when": "days", "source": "saw", "home_safe": "yes"},
        "cedar-middle",
    ),
)


def _file_tips() -> None:
    ids = dict(School.objects.values_list("slug", "pk"))
    for text, language, tile, answers, school in _TIPS:
        reporter.file_tip(
            reporter.NewTip(
                token=reporter.new_form_token(),
                text=text,
                language=language,
                tile=tile,
                answers=answers,
                school_id=ids[school],
            )
        )


def _tell_the_story(home: Home) -> None:
    """Let the demo's staff work on some of the tips, in a process with the desk's own rights."""
    subprocess.run(
        dying_with_us(sys.executable, "-m", "upstander.command.demo_story"),
        check=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "UPSTANDER_PROCESS": "desk", "UPSTANDER_HOME": str(home.root)},
    )
