"""From suspicion to the end on a phone: each page keeps what was typed and says what is next."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import Cast
from upstander.base.refused import Refused
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices, suspect, typed_now
from upstander.matters.models import Exclusion
from upstander.tips import reporter

pytestmark = pytest.mark.django_db


def begin(client: Client, **more: object) -> Duty:
    shown = client.get("/suspect")
    assert b"tel:911" in shown.content
    sent = client.post("/suspect", {"rule": "abuse", "since": "now", "about": "nobody", **more})
    assert sent.status_code == 302, sent.content.decode()[:3000]
    return Duty.objects.get(pk=sent["Location"].rsplit("/", 1)[1])


def test_since_when_is_asked_and_never_chosen_for_them(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    page = client.get("/suspect").content.decode()
    assert not re.search(r'<input[^>]*name="since"[^>]*checked', page)
    sent = client.post("/suspect", {"rule": "abuse", "about": "nobody"})
    assert "Say whether it was just now or earlier." in sent.content.decode()
    assert not Duty.objects.exists()


def test_no_id_stands_twice_after_the_call(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    duty = begin(client)
    client.post(f"/duties/{duty.pk}/first", {"way": "careline", "at": typed_now()})
    duty.refresh_from_db()
    assert duty.first_at is not None
    page = client.get(f"/duties/{duty.pk}").content.decode()
    ids = re.findall(r' id="([^"]+)"', page)
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_one_press_is_enough(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    duty = begin(client)
    page = client.get(f"/duties/{duty.pk}").content.decode()
    assert "Report by phone now" in page
    assert "tel:1-800-842-2288" in page
    assert "Report by phone now" in client.get("/duties").content.decode()


def test_a_time_that_lies_ahead_keeps_what_was_typed(cast: Cast) -> None:
    offices(cast)
    ahead = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    sent = cast.client("tess").post(
        "/suspect",
        {
            "rule": "abuse",
            "since": "earlier",
            "about": "nobody",
            "since_at": ahead,
            "first_words": "Kept, please.",
        },
    )
    assert sent.status_code == 200
    assert "is in the future" in sent.content.decode()
    assert "Kept, please." in sent.content.decode()
    assert not Duty.objects.exists()


def test_from_the_call_to_the_written_report(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    duty = begin(client, first_words="I don't want to go home.")
    now = typed_now()
    at = f"/duties/{duty.pk}"
    client.post(
        f"{at}/first",
        {
            "way": "careline",
            "at": now,
            "worker": "M. Example",
            "reference": "R-1",
            "accepted": "yes",
        },
    )
    page = client.get(at).content.decode()
    assert "written report due" in page
    assert "M. Example" in page
    client.post(f"{at}/written/sent", {"at": now, "how": "fax", "proof": "F-1"})
    page = client.get(at).content.decode()
    assert "Both reports made in time" in page
    assert "go home" in page
    duty.refresh_from_db()
    assert duty.accepted is True


def test_a_form_with_a_mistake_comes_back_whole(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    duty = begin(client)
    sent = client.post(
        f"/duties/{duty.pk}/first", {"way": "careline", "at": "soon", "worker": "M."}
    )
    assert sent.status_code == 422
    assert 'value="M."' in sent.content.decode()
    duty.refresh_from_db()
    assert duty.first_at is None


def test_the_electronic_way_says_why_it_does_not_count(cast: Cast) -> None:
    offices(cast)
    client = cast.client("tess")
    duty = begin(client)
    now = typed_now()
    sent = client.post(f"/duties/{duty.pk}/first", {"way": "electronic", "at": now}, follow=True)
    assert "every question about urgency" in sent.content.decode()


def test_from_a_tip_the_duty_takes_its_matter_and_its_exclusions(cast: Cast) -> None:
    offices(cast)
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Words.",
            language="en",
            tile="home",
            school_id=cast.cedar.pk,
        )
    )
    client = cast.client("alice")
    hana = cast.people["hana"].pk
    client.post(
        "/suspect",
        {
            "rule": "employee",
            "since": "now",
            "tip": str(filed.tip_id),
            "school": cast.cedar.pk,
            "accused": [hana],
        },
    )
    duty = Duty.objects.get()
    assert duty.tip_id == filed.tip_id
    assert duty.person_id == cast.people["alice"].pk
    assert Exclusion.objects.filter(matter_id=duty.matter_id).count() == 1
    for name in ("hana", "dino"):
        assert cast.client(name).get(f"/duties/{duty.pk}").status_code == 404
    assert cast.client("cleo").get(f"/duties/{duty.pk}").status_code == 200


def test_an_office_reads_it_and_is_offered_nothing_that_ends_it(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast)
    client = cast.client("hana")
    page = client.get(f"/duties/{duty_id}").content.decode()
    assert "Only its owner can end this duty" in page
    assert "/first" not in page
    assert client.post(f"/duties/{duty_id}/first", {"way": "police"}).status_code == 404
    client.post(f"/duties/{duty_id}/said", {"words": "They phoned at noon."})
    own = cast.client("tess").get(f"/duties/{duty_id}").content.decode()
    assert "They phoned at noon." in own
    assert "Report by phone now" in own
    cast.client("tess").post(f"/duties/{duty_id}/confirm", {"right": "yes"})
    assert "Is that right" not in cast.client("tess").get(f"/duties/{duty_id}").content.decode()
    assert Duty.objects.get(pk=duty_id).first_at is None


def test_nobody_reports_on_themselves(cast: Cast) -> None:
    offices(cast)
    with pytest.raises(Refused):
        suspect(cast, accused=(cast.people["tess"].pk,))


def test_the_branch_without_an_age_limit_says_so_and_asks_about_adult_education(
    cast: Cast,
) -> None:
    offices(cast)
    client = cast.client("tess")
    page = client.get("/suspect").content.decode()
    assert "At any age: also for students of 18 and older." in page
    assert page.count("For a child under 18.") == 2
    assert "Is the student in adult education?" in page
    asked = {
        "employee_student_adult_education": "yes",
        "restraint": "yes",
        "about": "unknown",
    }
    duty = begin(client, rule="employee_student", **asked)
    told = client.get(f"/duties/{duty.pk}").content.decode()
    assert "leaves out students in adult education" in told
    assert "Is the student in adult education? Yes" in told
    assert duty.first_at is None, "it is the person's to decide: nothing is ended for it"
    other = begin(client, rule="abuse", **asked)
    assert "adult education" not in client.get(f"/duties/{other.pk}").content.decode()
