"""An administrator from whom a report is kept sees of its owner's account what every other sees."""

from __future__ import annotations

import re

import pytest
from django.db import Error, connection

from conftest import Cast
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.mandated.leaving import actions as leaving
from upstander.mandated.leaving.models import Shutting
from upstander.mandated.leaving.notices import sweep_leaving
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.matters.folders import keep_out
from upstander.people import factories
from upstander.people.models import Person
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.people.tests.cast import with_password

pytestmark = pytest.mark.django_db
REASON = "Suspended with pay from today."


@pytest.fixture
def tess(cast: Cast) -> Person:
    """Somebody on staff with one open report that is kept from one of two administrators."""
    offices(cast)
    cast.people["abe"] = factories.make_person("Abe", cast.keys)
    factories.join(cast.people["abe"], cast.teams["administration"], Role.ADMINISTRATOR, cast.keys)
    owner = with_password(cast, "tess")
    duty = suspect(cast)
    with viewing(cast.viewer("tess")):
        keep_out(Duty.objects.get(pk=duty).folder_id, [cast.people["abe"].pk])
    return owner


def page_of(cast: Cast, name: str, path: str) -> tuple[int, str]:
    """Return the status and the main part of a page, without what stands for one press alone."""
    answer = cast.client(name).get(path)
    main = answer.content.decode().split("<main", 1)[-1].split("</main", 1)[0]
    return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", main)


def test_the_accused_sees_the_same_pages_as_any_administrator(cast: Cast, tess: Person) -> None:
    for path in (f"/people/{tess.pk}/", f"/leaving/{tess.pk}"):
        accused, other = (page_of(cast, name, path) for name in ("abe", "ada"))
        assert accused == other
        assert accused[0] == 200
    duty = str(Duty.objects.get().pk)[:8]
    assert duty not in page_of(cast, "ada", f"/leaving/{tess.pk}")[1]
    answers = [cast.client(name).post(f"/people/{tess.pk}/shut/") for name in ("abe", "ada")]
    assert {one.headers["Location"] for one in answers} == {f"/leaving/{tess.pk}"}
    # A report that is kept from nobody is named to both.
    plain = suspect(cast)
    for name in ("abe", "ada"):
        assert str(plain)[:8] in page_of(cast, name, f"/leaving/{tess.pk}")[1]


def test_the_accused_asks_like_any_administrator_and_decides_nothing(
    cast: Cast, tess: Person
) -> None:
    answer = cast.client("abe").post(f"/leaving/{tess.pk}", {"reason": REASON})
    assert answer.headers["Location"] == "/leaving"
    asked = Shutting.objects.get()
    assert REASON in page_of(cast, "abe", "/leaving")[1]
    sweep_leaving()
    told = Notice.objects.filter(kind="shutting_asked").values_list("person_id", flat=True)
    assert cast.people["abe"].pk not in told
    assert cast.people["ada"].pk in told
    # Taken back as anybody's own; and nobody else's is theirs to decide.
    leaving.refuse_shutting(cast.viewer("abe"), asked.pk)
    other = leaving.ask_shutting(cast.viewer("ada"), tess.pk, REASON)
    with (
        pytest.raises(Error, match="second person"),
        viewing(cast.viewer("abe")),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT * FROM api.agree_shutting(p_id => %s, p_mac => %s)", [other, b"x" * 32]
        )
    with pytest.raises(Refused, match="another administrator"):
        leaving.shut_taken(cast.viewer("abe"), tess.pk, REASON)
    tess.refresh_from_db()
    assert tess.is_active
