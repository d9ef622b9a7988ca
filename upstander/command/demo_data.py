"""Made-up places and people for `upstander demo`. Nobody and no school in it is real."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.db import transaction
from django.utils import timezone

from upstander.command import (
    demo_advocates,
    demo_callouts,
    demo_offices,
    demo_oncall,
    demo_stage,
    demo_story,
    demo_year,
)
from upstander.command import demo_year_people as whole
from upstander.command.demo_phones import INTERPRETERS, give_phones
from upstander.command.errors import PlainError
from upstander.config import environment
from upstander.config.home import Home
from upstander.directory.actions.loading import load_services
from upstander.directory.actions.neighborhood import load_neighborhood
from upstander.directory.actions.towns import load_towns
from upstander.people import keys
from upstander.people.actions.recovery import make_recovery
from upstander.people.factories import sign_what_stands
from upstander.people.models import Membership, Person, Team
from upstander.people.roles import Role, TeamKind
from upstander.places.models import Center, District, School
from upstander.tips import reporter

_HERE = Path(__file__).parent
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
    *demo_callouts.PEOPLE,
    *demo_advocates.PEOPLE,
)


def load(home: Home) -> list[tuple[str, str]]:
    """Put the demo's data in, once, and return whom one can sign in as. Runs as the owner."""
    # Whoever was stopped while a year was told left a clock that can be moved: not for long.
    demo_stage.shipped_clock()
    told_whole = home.root / "demo-told"
    if not Center.objects.exists():
        _load_once(home, with_year=environment.is_on("UPSTANDER_DEMO_YEAR"))
        told_whole.touch()
    elif not told_whole.exists():
        raise PlainError(f"This demo was left half set up. Remove {home.root} and start it again.")
    there = set(Person.objects.values_list("email", flat=True))
    told = {email: words for _, email, _, _, words in (*_PEOPLE, *whole.PEOPLE) if email in there}
    give_phones(home, told)
    return [
        *told.items(),
        ("passphrase for all", PASSPHRASE),
        ("second factor", "the sign-in page of the demo shows the six digits"),
    ]


def _load_once(home: Home, *, with_year: bool) -> None:
    begins = demo_year.beginning() if with_year else None
    with ExitStack() as stack:
        stack.enter_context(demo_stage.remembering())
        if begins:
            stack.enter_context(demo_stage.movable_clock(home))
        with transaction.atomic(durable=True):
            _make_places_and_people(begins)
            load_services()
            _load_neighborhood()
        seeds = demo_stage.unlocked(PASSPHRASE)
        if begins:
            demo_year.tell(home, seeds, begins)
    stage = demo_stage.Stage(home, seeds)
    ids = dict(School.objects.values_list("slug", "pk"))
    with stage.as_("public"):
        _file_tips(ids)
    with stage.desk():
        demo_story.tell(stage)
        stage.sign_all_out()
    stage.leave()


def _load_neighborhood() -> None:
    """Bring in the invented towns, and who helps there: this folder's demo alone has them."""
    load_towns(_HERE / "demo_towns.csv")
    services, texts = (_HERE / f"demo_services{part}.csv" for part in ("", "_texts"))
    load_neighborhood(services, texts, state="us-ct", today=timezone.now().date())


def _make_places_and_people(begins: datetime | None) -> None:
    """Make what a demo begins with; with a year behind it (from ``begins``), whole teams."""
    demo_stage.say_moment(begins)
    everybody = (*_PEOPLE, *whole.PEOPLE) if begins else _PEOPLE
    center = Center.objects.create(
        name="Lakeside Crisis Center",
        slug="lakeside",
        callback_phone="(555) 010-0100",
        interpreter_phone=INTERPRETERS,
    )
    maple = District.objects.create(
        center=center,
        name="Maple Valley Schools",
        slug="maple-valley",
        languages=["en", "es", "ar"],
        state="us-ct",
        catch_all=True,
    )
    harbor = District.objects.create(
        center=center,
        name="Harbor Point Schools",
        slug="harbor-point",
        languages=["en", "es"],
        state="us-ct",
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
            emergency_contact=f"Main office, (555) 010-012{number}",
        )
        for number, (district, name, slug, grades, address, town) in enumerate(
            (
                (
                    maple,
                    "Cedar Middle School",
                    "cedar-middle",
                    "6-8",
                    "12 Orchard Lane",
                    "Maple Valley",
                ),
                (maple, "Birch High School", "birch-high", "9-12", "300 Mill Road", "Maple Valley"),
                (
                    maple,
                    "Alder Elementary School",
                    "alder",
                    "K-5",
                    "8 Brook Street",
                    "Maple Valley",
                ),
                (harbor, "Quay High School", "quay-high", "9-12", "1 Pier Avenue", "Harbor Point"),
            )
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
    if begins:
        teams["alder"] = _school_team(schools["alder"])
    for team in teams.values():
        team.save()
    teams |= demo_offices.teams(
        maple,
        {slug: school for slug, school in schools.items() if school.district == maple},
        {team for _, _, team, _, _ in everybody},
    )
    teams["monitor"].save()
    river, around, sites = demo_callouts.teams()
    teams |= sites
    agencies, theirs = demo_advocates.teams()
    teams |= theirs
    members: dict[str, list[Person]] = {name: [] for name in teams}
    for name, email, team_name, role, _told in everybody:
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
    demo_stage.say_moment(None)  # who is on call today is planned from today
    demo_oncall.plan(
        teams,
        {person.email.split("@")[0]: person for some in members.values() for person in some},
        maple,
        whole.ROTAS if begins else {},
    )
    demo_stage.say_moment(begins)
    sign_what_stands()
    made = {team: keys.make_team_key(team, members[name]) for name, team in teams.items()}
    # The shares of a demo are nobody's: a real system prints them once, for two safes.
    make_recovery(
        [center, maple, harbor, river, around, *agencies, None],
        {team: {1: pair.private} for team, pair in made.items()},
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


def _file_tips(ids: Mapping[str, int]) -> None:
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
