"""A center's own policies: supervisors keep them, everybody's alerts follow them."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.escalations.actions.own_policies import empty_steps, forget_policy, keep_policy
from upstander.escalations.models import Policy
from upstander.escalations.outside_models import ExternalContact
from upstander.escalations.policy import SCHOOL, USUAL, Plan, PolicyStep, Situation
from upstander.escalations.tests.alerts import Carrier, an_alert, asked, pass_time, taken_back, work
from upstander.people.models import Membership
from upstander.people.scope import viewing

SOON = Situation.SOON
PLAN = Plan(
    (PolicyStep(0, "holders"), PolicyStep(60, "supervisor"), PolicyStep(120, "call_task")), 240
)


def keep(cast: Cast, plan: Plan = PLAN, *, school: int | None = None, name: str = "sam") -> Policy:
    return keep_policy(cast.viewer(name), plan, school_id=school, stage=SCHOOL, situation=SOON)


def test_what_is_kept_is_what_happens(cast: Cast, carrier: Carrier) -> None:
    keep(cast)
    alert = an_alert(cast, "cedar")
    assert [
        (s.after_seconds, s.target, s.repeat_seconds) for s in alert.steps.order_by("number")
    ] == [(0, "holders", 240), (60, "supervisor", 240), (120, "call_task", 240)]
    pass_time(alert, 61)
    work()
    assert "sam" in asked(cast, alert)
    assert Entry.objects.filter(action="policy changed").count() == 1


def test_a_school_s_own_goes_before_the_center_s_and_that_before_the_usual(cast: Cast) -> None:
    keep(cast)
    own = Plan((PolicyStep(0, "team"), PolicyStep(100, "center")), 200)
    keep(cast, own, school=cast.birch.pk)
    assert an_alert(cast, "birch").steps.get(number=1).target == "team"
    assert an_alert(cast, "cedar").steps.count() == 3
    forget_policy(cast.viewer("sam"), school_id=None, stage=SCHOOL, situation=SOON)
    assert an_alert(cast, "cedar").steps.count() == len(USUAL[SCHOOL, SOON].steps)


def test_a_running_alert_goes_on_by_what_it_began_with(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    keep(cast)
    assert alert.steps.filter(target="backups", state="due").exists()


@pytest.mark.parametrize("name", ["alice", "tom", "dee", "ada"])
def test_only_supervisors_of_the_center_keep_them(cast: Cast, name: str) -> None:
    assert cast.client(name).get("/policies").status_code == 403
    with pytest.raises(DatabaseError), taken_back():
        with_rights_of(cast, name)


def with_rights_of(cast: Cast, name: str) -> None:
    """Try with the database's rights of somebody, past the page."""
    with viewing(cast.viewer(name)) as now:
        Policy.objects.create(
            center_id=cast.center.pk,
            stage="school",
            situation="soon",
            steps=[],
            every=60,
            changed_by=1,
            changed_at=now,
        )


def test_another_center_s_supervisor_neither_sees_nor_changes_them(cast: Cast) -> None:
    keep(cast)
    northern = cast.teams["northern"]
    Membership.objects.filter(team=northern).update(role="center_supervisor")
    with viewing(cast.viewer("cora")):
        assert not Policy.objects.exists()
    with pytest.raises(DatabaseError), taken_back():
        with_rights_of(cast, "cora")
    with pytest.raises(Refused, match="no such school"):
        keep(cast, school=cast.cedar.pk, name="cora")


def test_a_step_that_would_reach_nobody_is_refused(cast: Cast) -> None:
    steps = (*PLAN.steps, PolicyStep(180, f"person:{cast.people['cora'].pk}"))
    with pytest.raises(Refused, match="no longer here"):
        keep(cast, Plan(steps, 240))
    Membership.objects.filter(team__school=cast.birch).delete()
    with pytest.raises(Refused, match="no team yet"):
        keep(cast, school=cast.birch.pk)
    with pytest.raises(Refused, match="outside contact"):
        keep(cast, Plan((*PLAN.steps, PolicyStep(180, "external:9")), 240))
    with viewing(cast.viewer("sam")):
        assert empty_steps(PLAN, center_id=cast.center.pk, school_id=None) == []


class TestPage:
    def fill(self, plan: Plan) -> dict[str, object]:
        form: dict[str, object] = {"every_number": plan.every, "every_unit": "s"}
        for row, step in enumerate(plan.steps):
            form |= {
                f"after_{row}_number": step.after,
                f"after_{row}_unit": "s",
                f"target_{row}": step.target,
            }
        return form

    def test_every_policy_stands_there_in_words(self, cast: Cast) -> None:
        html = cast.client("sam").get("/policies").content.decode()
        for words in (
            "Life safety, reported as now",
            "after 8 minutes",
            "repeated every 10 minutes",
            "a call by the center: the school, then its police dispatcher",
            "Default steps",
        ):
            assert words.lower() in html.lower(), words

    def test_it_is_kept(self, cast: Cast) -> None:
        client = cast.client("sam")
        assert client.get("/policies/school/soon").status_code == 200
        done = client.post("/policies/school/soon", self.fill(PLAN))
        assert done.status_code == 302
        assert Policy.objects.get().every == 240
        assert "Your center's own" in client.get("/policies").content.decode()
        assert client.post("/policies/school/soon", {"usual": "yes"}).status_code == 302
        assert not Policy.objects.exists()

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, cast: Cast) -> None:
        slow = Plan((PolicyStep(0, "holders"), PolicyStep(777, "center")), 1000)
        page = cast.client("sam").post("/policies/school/soon", self.fill(slow))
        html = page.content.decode()
        assert page.status_code == 200
        assert "5 minutes may pass" in html.replace("\n", " ")
        assert 'value="777"' in html
        assert not Policy.objects.exists()

    def test_half_a_row_is_a_mistake(self, cast: Cast) -> None:
        form = self.fill(PLAN) | {"target_3": "center"}
        assert (
            "After how long?"
            in cast.client("sam").post("/policies/school/soon", form).content.decode()
        )

    @pytest.mark.parametrize(
        "path",
        ["/policies/school/nonsense", "/policies/nowhere/soon", "/policies/center/soon?school=1"],
    )
    def test_an_unknown_policy_is_404(self, cast: Cast, path: str) -> None:
        assert cast.client("sam").get(path).status_code == 404

    def test_another_center_s_school_is_404(self, cast: Cast) -> None:
        for path in ("/policies", "/policies/school/soon"):
            assert cast.client("sam").get(f"{path}?school={cast.quay.pk}").status_code == 404

    def test_outside_contacts_come_and_go_sealed(self, cast: Cast) -> None:
        client = cast.client("sam")
        wrong = client.post("/policies/contacts", {"name": "Mobile crisis", "phone": "soon"})
        assert "Write a whole phone number" in wrong.content.decode()
        client.post("/policies/contacts", {"name": "Mobile crisis", "phone": "860-555-0177"})
        contact = ExternalContact.objects.get()
        assert (contact.name, contact.phone) == ("Mobile crisis", "860-555-0177")
        assert "Mobile crisis" in client.get("/policies/school/soon").content.decode()
        assert client.post("/policies/contacts", {"remove": contact.pk}).status_code == 302
        assert client.post("/policies/contacts", {"remove": contact.pk}).status_code == 404
        assert "Mobile crisis" not in client.get("/policies").content.decode()
