"""The Outcomes page: counts of what one may count, none of them small; and the teams' form."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.accountability import equity
from upstander.accountability.actions import outcomes
from upstander.accountability.models import CaseFigures, Division
from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case
from upstander.cases.models import Case
from upstander.cases.tests.story import begin, opened
from upstander.editions.halves import Half, halves
from upstander.editions.models import PublishedEdition
from upstander.matters.models import Exclusion, Matter
from upstander.people import factories, sessions
from upstander.people.keys import person_mac
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.places.models import School
from upstander.tips import reporter
from upstander.tips.models import Recipient

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")


def closed_cases(
    cast: Cast, school: School, count: int, disposition: str = "resolved", *, ago: int = 0
) -> UUID:
    """Cases of one matter that were closed in a half-year (0: the last); returns the matter."""
    at, _ = halves(datetime.now(UTC), ZONE)[ago].span(ZONE)
    matter = Matter.objects.create(district_id=school.district_id)
    with connection.cursor() as cursor:
        # A case is born open and closed by a closing; here only the counting matters.
        cursor.execute("ALTER TABLE cases_case DISABLE TRIGGER USER")
    Case.objects.bulk_create(
        Case(
            id=uuid4(),
            district_id=school.district_id,
            school_id=school.pk,
            matter_id=matter.pk,
            team_id=1,
            reference=uuid4().hex[:12],
            concern="bullying",
            state="closed",
            owner_id=1,
            opened_by=1,
            opened_at=at,
            changed_at=at,
            closed_at=at,
            disposition=disposition,
        )
        for _ in range(count)
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_case ENABLE TRIGGER USER")
    return matter.pk


def page(cast: Cast, name: str = "dee", *, ago: int = 0) -> str:
    half = halves(datetime.now(UTC), ZONE)[ago].key
    return cast.client(name).get("/equity", {"half": half}).content.decode()


def row(html: str, name: str) -> list[str]:
    """Return the cells of one line, as text."""
    found = re.search(rf">{name}</th>(.*?)</tr>", html, re.DOTALL)
    assert found, name
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in found[1].split("</td>")[:-1]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "status"),
    [("sam", 200), ("dee", 200), ("pia", 200), ("tara", 403), ("alice", 403), ("ada", 403)],
)
def test_supervisors_and_leads_may_look(cast: Cast, name: str, status: int) -> None:
    assert cast.client(name).get("/equity").status_code == status


def test_a_large_group_is_counted_and_a_small_one_takes_another_with_it(cast: Cast) -> None:
    for school, count, disposition in (
        (cast.cedar, 30, "resolved"),
        (cast.cedar, 20, "discipline"),
        (cast.birch, 25, "resolved"),
        (cast.birch, 15, "discipline"),
    ):
        closed_cases(cast, school, count, disposition)
    for name in ("dee", "sam"):
        html = page(cast, name)
        assert row(html, "Cedar Middle School")[0] == "50"
        assert row(html, "Birch High School")[4] == "15 (38 %)"
        assert row(html, "Total")[4] == "35 (39 %)"
    aspen = School.objects.create(district=cast.maple, name="Elm School", slug="elm")
    for school, count in ((cast.cedar, 50), (cast.birch, 40), (aspen, 4)):
        closed_cases(cast, school, count, ago=1)
    html = page(cast, ago=1)
    assert row(html, "Total")[0] == "94"
    assert row(html, "Elm School")[0] == row(html, "Birch High School")[0] == "hidden"
    assert row(html, "Cedar Middle School")[0] == "50"


def test_another_districts_cases_and_those_one_is_excluded_from_are_in_no_count(cast: Cast) -> None:
    matter = closed_cases(cast, cast.cedar, 30)
    assert "Fewer than 10 cases" in page(cast, "pia")
    Exclusion.objects.create(
        matter_id=matter, district_id=cast.maple.pk, person_mac=person_mac(cast.people["dee"].pk)
    )
    assert "Fewer than 10 cases" in page(cast)
    assert row(page(cast, "sam"), "Total")[0] == "30"
    with viewing(cast.viewer("pia")), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM api.case_outcomes(p_district => %s, p_from => '2000-01-01', "
            "p_until => '2100-01-01', p_endings => '{}', p_actions => '{}')",
            [cast.maple.pk],
        )
        assert cursor.fetchone() == (0,)


def filled_in(cast: Cast, school: School, count: int, grade: str, *, ago: int = 0) -> None:
    matter = closed_cases(cast, school, count, ago=ago)
    CaseFigures.objects.bulk_create(
        CaseFigures(
            case_id=case.pk,
            district_id=case.district_id,
            matter_id=case.matter_id,
            grade=grade,
            person_id=1,
            at=case.opened_at,
        )
        for case in Case.objects.filter(matter_id=matter)
    )


def test_grades_and_schools_beside_each_other_give_no_small_school_away(cast: Cast) -> None:
    linden = School.objects.create(district=cast.maple, name="Linden School", slug="linden")
    alder = School.objects.create(district=cast.maple, name="Alder School", slug="alder")
    for school, count, grade in (
        (cast.birch, 60, "10"),
        (linden, 4, "9"),
        (alder, 12, "3"),
        (cast.cedar, 30, "4"),
        (cast.cedar, 40, "7"),
    ):
        filled_in(cast, school, count, grade)
    html = page(cast)
    assert row(html, "Total")[0] == "146"
    assert row(html, "Linden School")[0] == "hidden"
    # 64 less 60 would be Linden's four.
    assert "hidden" in (row(html, "Grades 9 to 12")[0], row(html, "Birch High School")[0])


def test_whoever_leads_at_the_center_too_reads_as_what_they_act_as(cast: Cast) -> None:
    """What never reached the district is no figure of the district's, whoever asks for it."""
    at, until = halves(datetime.now(UTC), ZONE)[0].span(ZONE)
    factories.join(cast.people["dee"], cast.teams["lakeside"], Role.CENTER_SUPERVISOR, cast.keys)
    filed = [
        reporter.file_tip(
            reporter.NewTip(
                token=reporter.new_form_token(),
                text="Words of a child.",
                language="en",
                tile="bullying",
                school_id=cast.cedar.pk,
            )
        )
        for _ in range(12)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE tips_tip DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE tips_tip SET state = 'closed', disposition = 'unfounded', changed_at = %s", [at]
        )
        cursor.execute("ALTER TABLE tips_tip ENABLE TRIGGER USER")
    Recipient.objects.create(
        tip_id=filed[0].tip_id,
        district_id=cast.maple.pk,
        holder=cast.teams["maple"].holder,
        since=at,
        since_turn=2,
    )

    def counted(kind: TeamKind) -> int:
        client = cast.client("dee")
        token = client.cookies[sessions.COOKIE].value
        assert sessions.change_active_role(token, kind)
        row = sessions.read(token)
        assert row is not None
        with viewing(row.viewer), connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(sum(tips), 0)::int FROM api.tip_outcomes(p_district => %s,"
                " p_from => %s, p_until => %s, p_endings => '{}')",
                [cast.maple.pk, at, until],
            )
            [(count,)] = cursor.fetchall()
        return int(count)

    assert (counted(TeamKind.DISTRICT), counted(TeamKind.CENTER)) == (1, 12)


def test_what_was_published_of_a_half_year_stays_as_it_was(cast: Cast) -> None:
    filled_in(cast, cast.cedar, 40, "7")
    filled_in(cast, cast.birch, 63, "10")
    before = {name: page(cast, name) for name in ("dee", "sam")}
    assert row(before["dee"], "Grades 9 to 12")[0] == "63"
    # A grade is corrected, a case comes in late, another goes: each would show one child.
    one = CaseFigures.objects.filter(grade="10")[0]
    CaseFigures.objects.filter(pk=one.pk).update(grade="7")
    filled_in(cast, cast.cedar, 1, "7")
    for name, html in before.items():
        for line in ("Total", "Cedar Middle School", "Grades 6 to 8", "Grades 9 to 12"):
            assert row(page(cast, name), line) == row(html, line)
    assert PublishedEdition.objects.filter(subject="outcomes.cases").count() == 2


def test_whoever_is_excluded_later_reads_what_they_could_read_before(cast: Cast) -> None:
    matter = closed_cases(cast, cast.cedar, 30)
    assert row(page(cast), "Total")[0] == "30"
    Exclusion.objects.create(
        matter_id=matter, district_id=cast.maple.pk, person_mac=person_mac(cast.people["dee"].pk)
    )
    # Of this half-year nothing changes, which tells nothing; of the one before all of it is gone.
    assert row(page(cast), "Total")[0] == "30"
    closed_cases(cast, cast.birch, 20, ago=1)
    Exclusion.objects.create(
        matter_id=closed_cases(cast, cast.cedar, 30, ago=1),
        district_id=cast.maple.pk,
        person_mac=person_mac(cast.people["dee"].pk),
    )
    assert row(page(cast, ago=1), "Total")[0] == "20"
    assert row(page(cast, "sam", ago=1), "Total")[0] == "50"


def test_many_cases_cost_no_more_queries_than_none(cast: Cast) -> None:
    client = cast.client("dee")
    now = halves(datetime.now(UTC), ZONE)
    closed_cases(cast, cast.cedar, 60)
    closed_cases(cast, cast.birch, 60, "discipline")
    with CaptureQueriesContext(connection) as none:
        client.get("/equity", {"half": now[1].key})
    with CaptureQueriesContext(connection) as many:
        client.get("/equity", {"half": now[0].key})
    assert len(many) == len(none)
    with CaptureQueriesContext(connection) as again:
        client.get("/equity", {"half": now[0].key})
    assert len(again) < len(many)


def test_only_half_years_that_are_over_for_thirty_days_can_be_looked_at() -> None:
    first = datetime(2026, 7, 31, 3, 59, tzinfo=UTC)  # a minute before midnight in New York
    assert halves(first, ZONE)[0] == Half(2025, second=True)
    july = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)
    assert halves(july, ZONE)[0] == Half(2026, second=False)
    spans = [half.span(ZONE) for half in halves(first, ZONE)]
    assert all(later[0] == earlier[1] for later, earlier in pairwise(spans))
    assert [half.key for half in halves(first, ZONE)][:3] == ["2025-2", "2025-1", "2024-2"]


def a_closed_case(cast: Cast) -> UUID:
    case = begin(cast)
    close_case(opened(cast, "tara", case), "resolved", "Talked through.")
    return case


def test_a_team_says_of_whom_its_closed_case_was(cast: Cast) -> None:
    case, dee = a_closed_case(cast), cast.viewer("dee")
    outcomes.add_division(dee, cast.maple.pk, "Language at home", ["English", "Spanish"])
    division = Division.objects.get()
    client = cast.client("tara")
    html = client.get("/equity/cases").content.decode()
    assert "Language at home" in html
    sent = {"grade": "7", "disability": "yes", f"division-{division.pk}": "Spanish"}
    client.post(f"/equity/cases/{case}", sent)
    figures = CaseFigures.objects.get(pk=case)
    assert (figures.grade, figures.disability) == ("7", True)
    assert figures.groups == {str(division.pk): "Spanish"}
    client.post(f"/equity/cases/{case}", sent | {"disability": ""})
    assert CaseFigures.objects.get(pk=case).disability is None
    for wrong in ({"grade": "13"}, {f"division-{division.pk}": "Welsh"}, {"division-999": "x"}):
        client.post(f"/equity/cases/{case}", wrong)
        assert CaseFigures.objects.get(pk=case).grade == "7"
    # Nobody else writes it, and whoever compares reads no row.
    for name in ("bob", "paul", "dee"):
        with pytest.raises(Http404):
            outcomes.fill_in(cast.viewer(name), case, grade="", disability=None, groups={})
        with viewing(cast.viewer(name)):
            assert CaseFigures.objects.count() == 0


def test_every_grade_is_in_one_band() -> None:
    in_bands = [grade for grades in equity.BANDS.values() for grade in grades]
    assert sorted(in_bands) == sorted(outcomes.GRADES)


def test_an_open_case_has_no_figures(cast: Cast) -> None:
    case = begin(cast)
    with pytest.raises(Refused):
        outcomes.fill_in(cast.viewer("tara"), case, grade="7", disability=None, groups={})


def test_a_district_chooses_by_what_it_compares(cast: Cast) -> None:
    client = cast.client("dee")
    client.post("/equity/divisions", {"name": "Lunch", "groups": "Free\nReduced\nPaid\n\n"})
    division = Division.objects.get()
    assert division.groups == ["Free", "Reduced", "Paid"]
    for name, groups in (("", "a\nb"), ("One", "a"), ("Lunch", "a\nb"), ("Long", "a\n" + "b" * 61)):
        client.post("/equity/divisions", {"name": name, "groups": groups})
    assert Division.objects.count() == 1
    refused = cast.client("sam").post("/equity/divisions", {"name": "X", "groups": "a\nb"})
    assert refused.status_code == 403
    assert cast.client("pia").post(f"/equity/divisions/{division.pk}/end").status_code == 404
    client.post(f"/equity/divisions/{division.pk}/end")
    assert Division.objects.get().ended_at is not None


def test_a_table_of_which_no_outcome_can_be_told_says_so_and_why_instead_of_hidden_cells(
    cast: Cast,
) -> None:
    for school, count in ((cast.cedar, 30), (cast.birch, 25)):
        closed_cases(cast, school, count)
    html = page(cast)
    assert row(html, "Cedar Middle School") == ["30"]
    assert html.count("can’t be shown for any group or for the total") == 3
    assert "10 or more of that line had it and 10 or more did not" in " ".join(html.split())
    closed_cases(cast, cast.cedar, 30, "discipline", ago=1)
    closed_cases(cast, cast.cedar, 30, ago=1)
    other = page(cast, ago=1)
    assert row(other, "Total")[4] == "30 (50 %)"
