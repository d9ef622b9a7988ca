"""The page behind a page's link says how it stands, by name, and asks only what is still asked."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from conftest import Cast
from upstander.base.moment import database_now
from upstander.carriers import answers
from upstander.carriers.models import Delivery
from upstander.escalations.actions.alerts import acknowledge
from upstander.escalations.models import Acknowledgement, Alert
from upstander.escalations.tests.alerts import an_alert, exclude, work
from upstander.people.models import Membership

HAVE_IT, SEEN, CANNOT = Acknowledgement.Answer


class Holding:
    """Tom and Tara hold the link of one alert of their school's team."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.alert = an_alert(cast, "cedar")
        work()
        self.code = Delivery.objects.filter(for_id=self.alert.pk).first().code  # type: ignore[union-attr]

    def path(self, name: str) -> str:
        return f"/a/{answers.sign(self.cast.people[name].pk, self.alert.pk)}"

    def opened(self, name: str, answer: str = "") -> tuple[str, list[str]]:
        """Return what the page says, and the answers that it offers."""
        stranger = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
        path = self.path(name)
        got = stranger.post(path, {"answer": answer}) if answer else stranger.get(path)
        assert got.status_code == 200
        assert got["Referrer-Policy"] == "no-referrer"
        assert "no-store" in got["Cache-Control"]
        page = BeautifulSoup(got.content, "html.parser")
        assert page.main is not None
        assert page.select_one("meta[name=robots][content=noindex]")
        words = " ".join(page.main.get_text(" ").split())
        return words, [str(button["value"]) for button in page.select("button[name=answer]")]


@pytest.fixture
def link(cast: Cast) -> Holding:
    return Holding(cast)


ALL = ["have_it", "seen", "cannot"]


def test_it_says_which_it_is_and_not_a_word_of_the_tip(link: Holding) -> None:
    words, offered = link.opened("tom")
    assert f"LIFE SAFETY {link.code} Cedar Middle School" in words
    assert offered == ALL
    for secret in (link.alert.reference, "Tara", str(link.alert.subject_id)):
        assert secret not in words
    assert not link.alert.acknowledgements.exists()


def test_opened_again_it_says_since_when_one_has_it(link: Holding) -> None:
    words, _ = link.opened("tom")
    assert "please respond" in words
    words, _ = link.opened("tom", "have_it")
    assert "Noted: you have had it since" in words
    assert "please respond" not in words
    words, _ = link.opened("tom")
    assert "Noted: you have had it since" in words, "also before the worker has read it"
    work()
    for _ in range(2):
        words, offered = link.opened("tom")
        assert "Noted: you have had it since" in words
        assert link.code in words
        assert offered == ["cannot"]


HELD = {"life_safety": 600, "urgent": 3_600, "routine": 86_400}


@pytest.mark.parametrize(
    ("stage", "priority", "seconds"),
    [("center", "life_safety", 60), *(("school", key, value) for key, value in HELD.items())],
)
def test_pressed_and_opened_again_it_names_one_deadline_and_the_worker_keeps_it(
    link: Holding, stage: str, priority: str, seconds: int
) -> None:
    Alert.objects.update(stage=stage, priority=priority)
    pressed, offered = link.opened("tom", "have_it")
    assert "minute" not in pressed
    work()
    alert = Alert.objects.get()
    assert alert.next_step_due_at is not None
    assert alert.acknowledged_at is not None
    assert alert.next_step_due_at - alert.acknowledged_at == timedelta(seconds=seconds)
    # The test's one transaction has one time; only the press itself is kept by the second.
    Alert.objects.update(
        acknowledged_at=alert.acknowledged_at.replace(microsecond=0),
        next_step_due_at=alert.next_step_due_at.replace(microsecond=0),
    )
    assert "before" in pressed
    assert link.opened("tom") == (pressed, offered)


def test_after_somebody_was_faster_it_says_who(link: Holding) -> None:
    acknowledge(link.cast.viewer("tara"), link.alert.pk, HAVE_IT)
    tara = link.cast.people["tara"].name
    words, offered = link.opened("tom")
    assert f"{tara} has had it since" in words
    assert offered == []
    words, offered = link.opened("tom", "have_it")
    assert f"{tara} has had it since" in words
    assert "Noted: you have had it" not in words
    work()
    assert Alert.objects.get().acknowledged_by == link.cast.people["tara"].pk
    assert "Noted: you have had it since" in link.opened("tara")[0]


def test_what_one_had_yesterday_is_said_with_its_day(link: Holding) -> None:
    acknowledge(link.cast.viewer("tara"), link.alert.pk, HAVE_IT)
    Alert.objects.update(acknowledged_at=database_now() - timedelta(hours=30))
    assert ", 20" in link.opened("tom")[0].split("since")[1]


@pytest.mark.parametrize("answer", ["seen", "cannot"])
def test_opened_again_it_says_what_one_answered(link: Holding, answer: str) -> None:
    said = {"seen": "Noted: you have seen it", "cannot": "Noted: you can't"}[answer]
    assert said in link.opened("tom", answer)[0]
    work()
    words, offered = link.opened("tom")
    assert said in words
    assert offered == ALL


def test_whoever_gave_it_back_is_told_so_and_asked_anew_when_it_is_open(link: Holding) -> None:
    link.opened("tom", "have_it")
    work()
    assert "Noted: you can't" in link.opened("tom", "cannot")[0]
    work()
    assert Alert.objects.get().state == "open"
    assert "Noted: you can't" in link.opened("tom")[0]


def test_what_time_took_back_is_asked_anew(link: Holding) -> None:
    acknowledge(link.cast.viewer("tom"), link.alert.pk, HAVE_IT)
    Alert.objects.update(state="open", acknowledged_by=None, acknowledged_at=None)
    words, offered = link.opened("tom")
    assert "you have it" not in words.lower().replace("“i have it”", "")
    assert offered == ALL


def test_whoever_is_asked_once_more_can_say_so_again(link: Holding) -> None:
    acknowledge(link.cast.viewer("tom"), link.alert.pk, HAVE_IT)
    Alert.objects.update(idle_asked=True)
    assert link.opened("tom")[1] == ALL


@pytest.mark.parametrize("taken", [False, True])
def test_after_the_end_nobody_is_asked(link: Holding, taken: bool) -> None:
    if taken:
        acknowledge(link.cast.viewer("tara"), link.alert.pk, HAVE_IT)
    Alert.objects.update(state="ended")
    for name in ("tom", "tara"):
        words, offered = link.opened(name)
        assert "This alert has ended" in words
        assert link.cast.people["tara"].name not in words
        assert offered == []


@pytest.mark.parametrize("how", ["excluded", "left"])
def test_whoever_is_out_of_it_learns_nothing_more(link: Holding, how: str) -> None:
    acknowledge(link.cast.viewer("tara"), link.alert.pk, HAVE_IT)
    if how == "excluded":
        exclude(link.alert, link.cast.people["tom"])
    else:
        Membership.objects.filter(person=link.cast.people["tom"]).delete()
    words, _ = link.opened("tom")
    for told in (link.cast.people["tara"].name, "Cedar", link.code, "LIFE SAFETY"):
        assert told not in words


def test_it_speaks_the_persons_language(link: Holding) -> None:
    tom = link.cast.people["tom"]
    tom.language = "es"
    tom.save()
    acknowledge(link.cast.viewer("tara"), link.alert.pk, HAVE_IT)
    assert f"{link.cast.people['tara'].name} lo tiene. Desde:" in link.opened("tom")[0]


@pytest.mark.parametrize("how", ["excluded", "left"])
@pytest.mark.parametrize("read", [True, False])
def test_whoever_had_it_and_is_out_of_it_is_not_told_that_they_have_it(
    cast: Cast, how: str, read: bool
) -> None:
    link = Holding(cast)
    link.opened("tom", "have_it")
    if read:
        work()
    if how == "excluded":
        exclude(link.alert, cast.people["tom"])
    else:
        Membership.objects.filter(person=cast.people["tom"]).delete()
    assert "you have it" not in link.opened("tom")[0].lower()


def test_it_says_that_it_is_happening_now_as_the_text_does_and_signs_in_to_the_tip(
    link: Holding,
) -> None:
    words, _ = link.opened("tom")
    assert "REPORTED AS NOW" not in words
    Alert.objects.filter(pk=link.alert.pk).update(happening_now=True)
    words, _ = link.opened("tom")
    assert "REPORTED AS NOW. No one has checked this." in words
    page = Client(HTTP_HOST="localhost").post(link.path("tom"), {"answer": "have_it"})
    assert f'href="/tips/{link.alert.subject_id}"' in page.content.decode()
    # Signing in leads there, and the page itself refuses whoever may not.
    asked = Client(HTTP_HOST="localhost").get(f"/tips/{link.alert.subject_id}")
    assert unquote(asked["Location"]).endswith(f"next=/tips/{link.alert.subject_id}")
    exclude(link.alert, link.cast.people["tom"])
    page = Client(HTTP_HOST="localhost").get(link.path("tom"))
    assert str(link.alert.subject_id) not in page.content.decode()
