"""Asking one more person by hand: never whom the words may mean, unless somebody has said so."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from conftest import Cast
from upstander.desk.tests.tips import a_life_safety_tip, a_tip
from upstander.escalations.actions.by_hand import page_now
from upstander.escalations.models import Alert, Step
from upstander.mandated.tests.test_who_of_staff import rename
from upstander.matters.models import Exclusion
from upstander.people.scope import viewing
from upstander.tips.actions.not_see import dismiss_not_see
from upstander.tips.opening import open_tip

pytestmark = pytest.mark.django_db


def alert_of(tip: UUID) -> Alert:
    return Alert.objects.get(subject_id=tip)


def press(cast: Cast, alert: Alert, name: str, **more: object) -> tuple[int, str]:
    sent = {"person": cast.people[name].pk, **more}
    answer = cast.client("alice").post(f"/alerts/{alert.pk}/add", sent)
    return answer.status_code, answer.content.decode()


def is_asked(cast: Cast, alert: Alert, name: str) -> bool:
    return Step.objects.filter(alert=alert, target=f"person:{cast.people[name].pk}").exists()


def test_whom_the_words_may_mean_is_asked_about_before_they_are_rung(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip = a_life_safety_tip(cast, text="mr tompson hurts me").tip_id
    alert, tom = alert_of(tip), cast.people["tom"].pk
    status, page = press(cast, alert, "tom")
    assert status == 422
    assert "Theo Tomson (Cedar" in page
    assert not is_asked(cast, alert, "tom")
    assert press(cast, alert, "uma")[0] == 302
    assert is_asked(cast, alert, "uma")
    about = {"asked_about": str(tom), "meant_people": [tom]}
    assert press(cast, alert, "tom", meant="out", **about)[0] == 302
    assert not is_asked(cast, alert, "tom")
    assert Exclusion.objects.count() == 1
    # From now on nobody can choose them, and asking all of them again leaves them out.
    assert press(cast, alert, "tom", meant="not", **about)[0] == 200
    assert not is_asked(cast, alert, "tom")
    page_now(cast.viewer("alice"), alert.pk)
    assert not is_asked(cast, alert, "tom")


def test_whoever_is_only_mentioned_is_rung(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    alert = alert_of(a_life_safety_tip(cast, text="Mr. Tomson saw it").tip_id)
    about = {"asked_about": str(cast.people["tom"].pk), "meant": "not"}
    assert press(cast, alert, "tom", **about)[0] == 302
    assert is_asked(cast, alert, "tom")


def test_nobody_outside_the_center_is_rung_by_hand_while_it_is_not_settled(cast: Cast) -> None:
    answers = {"who": "someone", "when": "now", "hurt_today": "yes", "not_see": "the coach"}
    tip = a_tip(cast, answers=answers).tip_id
    alert = alert_of(tip)
    status, page = press(cast, alert, "tom")
    assert status == 200
    assert "First keep them out" in page
    assert not is_asked(cast, alert, "tom")
    # The center's own never wait.
    assert press(cast, alert, "bea")[0] == 302
    assert is_asked(cast, alert, "bea")
    page_now(cast.viewer("alice"), alert.pk)
    with (
        pytest.raises(IntegrityError, match="who must not see this"),
        viewing(cast.viewer("alice")),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO escalations_step (alert_id, number, round, target, due_at, state, cause,"
            " after_seconds) SELECT alert_id, 99, 9, %s, due_at, 'due', 'by_hand', 0"
            " FROM escalations_step WHERE alert_id = %s LIMIT 1",
            [f"person:{cast.people['tom'].pk}", alert.pk],
        )
    dismiss_not_see(open_tip(cast.viewer("alice"), tip), "A coach of another town.")
    assert press(cast, alert, "tom")[0] == 302
    assert is_asked(cast, alert, "tom")


def test_the_page_offers_those_of_the_district_and_no_strangers(cast: Cast) -> None:
    alert = alert_of(a_life_safety_tip(cast).tip_id)
    page = cast.client("alice").get(f"/alerts/{alert.pk}/add").content.decode()
    assert "Dee" in page
    assert "Charlie" not in page
    assert press(cast, alert, "dee")[0] == 302
    assert is_asked(cast, alert, "dee")
