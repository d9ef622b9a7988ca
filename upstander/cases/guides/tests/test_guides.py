"""The guides in a case: what is kept, what is refused, what stays in the student's hands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import Error, connection, transaction
from django.test import Client

from conftest import Cast
from upstander.base.languages import LANGUAGES
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case
from upstander.cases.actions.homes import AboutHome
from upstander.cases.actions.opening import NewCase, OpenCase, open_case, open_the_case
from upstander.cases.actions.sharing import share_case
from upstander.cases.actions.support import finish_action
from upstander.cases.actions.timeline import read_items
from upstander.cases.guides import actions
from upstander.cases.guides.loading import levels, threat_guide
from upstander.cases.guides.models import TextReview
from upstander.cases.guides.plan import plan_pdf, versions_of
from upstander.cases.guides.screening import screenings_of
from upstander.cases.guides.steps import Chosen, Wanted
from upstander.cases.guides.tests.test_screening import LICENSED
from upstander.cases.guides.texts import all_texts, review_text, unread
from upstander.cases.guides.threat import Stage, paths_of
from upstander.cases.models import Case, CaseAction
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db

CALM = {"weary": "no", "thoughts": "no", "before": "no", "safe": "yes"}


@pytest.fixture
def case_id(cast: Cast) -> UUID:
    return open_case(
        cast.viewer("tara"),
        NewCase(Case.Concern.THREAT, "Words in the corridor.", cast.teams["cedar"].pk),
    )


@pytest.fixture
def tara(cast: Cast, case_id: UUID) -> OpenCase:
    return open_the_case(cast.viewer("tara"), case_id)


def to_outcome(opened: OpenCase, *answers: str) -> str:
    """Walk the path to where the answers lead."""
    actions.go_on(opened, {"did": "begin", "answer": "no"})
    path = actions.go_on(opened, {"did": "words", "exact": "You will see.", "context": "At lunch."})
    for answer in answers:
        said = {"did": "answer", "fork": path.fork, "answer": answer, "why": "We asked all three."}
        path = actions.go_on(opened, said)
    return path.outcome


def all_taken(outcome: str, home: str = "", their_home: str = "") -> Chosen:
    steps = (threat_guide().outcomes | levels())[outcome].steps  # type: ignore[operator]
    return Chosen(
        {one.key: Wanted(words="Ms. Reyes.") for one in steps},
        {
            "student": [AboutHome(home)],
            "maker": [AboutHome(home, "His father, he says.")],
            "aimed": [AboutHome(their_home, "She says so.")],
        },
    )


def end_all(opened: OpenCase) -> None:
    with viewing(opened.viewer):
        waiting = list(CaseAction.objects.filter(case_id=opened.case.pk, ended_at__isnull=True))
    for one in waiting:
        finish_action(opened, one.pk, "Done as agreed.")


def level_of(opened: OpenCase) -> str:
    with viewing(opened.viewer):
        return screenings_of(read_items(opened))[-1].level


def test_a_transient_threat_from_the_first_word_to_the_last_look(tara: OpenCase) -> None:
    assert to_outcome(tara, "transient") == "transient"
    with pytest.raises(Refused, match="whether home is safe"):
        actions.settle_threat(tara, "transient", all_taken("transient"))
    with viewing(tara.viewer):
        assert not CaseAction.objects.filter(case_id=tara.case.pk).exists(), "all steps or none"
    path = actions.settle_threat(tara, "transient", all_taken("transient", home="yes"))
    assert path.stage is Stage.UNDER_WAY
    with viewing(tara.viewer):
        due = dict(CaseAction.objects.filter(case_id=tara.case.pk).values_list("kind", "within"))
    assert due == {"restorative": 24, "check_in": 24, "maker_parents": 24, "review": 168}
    with pytest.raises(Refused, match="4 of its steps"):
        actions.go_on(tara, {"did": "finish", "words": "It is over."})
    end_all(tara)
    with pytest.raises(Refused, match="assessment is not finished"):
        close_case(tara, "resolved", "Done.")
    assert actions.go_on(tara, {"did": "finish", "words": "It is over."}).stage is Stage.FINISHED
    close_case(tara, "resolved", "Done.")


def test_in_doubt_it_is_very_serious_and_marks_the_case(tara: OpenCase) -> None:
    assert to_outcome(tara, "unsure", "unsure") == "very_serious"
    with viewing(tara.viewer):
        assert Case.objects.get(pk=tara.case.pk).life_safety


def test_danger_comes_before_any_path(tara: OpenCase) -> None:
    path = actions.go_on(tara, {"did": "begin", "answer": "yes"})
    assert (path.stage, path.outcome) == (Stage.STEPS, "danger")
    with pytest.raises(Refused, match="911"):
        actions.settle_threat(tara, "danger", Chosen({"help": Wanted(left=True, why="No time")}))


def test_two_who_answer_at_once_do_not_overwrite_each_other(cast: Cast, tara: OpenCase) -> None:
    actions.go_on(tara, {"did": "begin", "answer": "no"})
    actions.go_on(tara, {"did": "words", "exact": "x", "context": "y"})
    tom = open_the_case(cast.viewer("tom"), tara.case.pk)
    first = {"did": "answer", "fork": "lasting", "answer": "substantive", "why": "A plan."}
    actions.go_on(tara, first)
    with pytest.raises(Refused, match="in the meantime"):
        actions.go_on(tom, first | {"answer": "transient"})


def test_what_is_replaced_stays_and_says_why(tara: OpenCase) -> None:
    to_outcome(tara, "transient")
    with viewing(tara.viewer):
        (before,) = paths_of(read_items(tara), threat_guide())
    said = {"did": "begin", "answer": "no", "replaces": str(before.id)}
    with pytest.raises(Refused, match="why you are starting over"):
        actions.go_on(tara, said)
    actions.go_on(tara, said | {"because": "A second student heard more."})
    with viewing(tara.viewer):
        old, new = paths_of(read_items(tara), threat_guide())
    assert old.stage is Stage.REPLACED
    assert (old.exact, old.answers) == (before.exact, before.answers)
    assert (new.stage, new.because) == (Stage.WORDS, "A second student heard more.")


def test_a_high_level_is_not_kept_without_named_next_steps(tara: OpenCase) -> None:
    found = actions.keep_answers(tara, "own", CALM | {"safe": "unclear"}, language="en", words="")
    with viewing(tara.viewer):
        (known,) = screenings_of(read_items(tara))
    assert known.suggested is not None
    assert (known.suggested.level, known.level, known.waits) == ("high", "", True)
    end_all(tara)  # the reminder to set a level, too: that closes no case
    with pytest.raises(Refused, match="nobody has set a level"):
        close_case(tara, "resolved", "Done.")
    whole = all_taken("high", home="yes")
    for key in ("stays", "crisis", "evaluation"):
        for gap in (Wanted(), Wanted(words="  "), Wanted(left=True, why="Later", words="x")):
            with pytest.raises(Refused):
                actions.set_level(
                    tara, found, "high", "Says so.", Chosen({**whole.steps, key: gap}, whole.homes)
                )
    with pytest.raises(Refused, match="Say why"):
        actions.set_level(tara, found, "high", " ", whole)
    assert level_of(tara) == ""
    actions.set_level(tara, found, "high", "Can’t say that they will keep safe.", whole)
    assert level_of(tara) == "high"
    with viewing(tara.viewer):
        assert Case.objects.get(pk=tara.case.pk).life_safety
        assert CaseAction.objects.get(kind="screening").ended_at is not None
        assert CaseAction.objects.get(kind="stay_with").ended_at is None


def test_a_person_may_set_another_level_than_suggested_and_again(tara: OpenCase) -> None:
    found = actions.keep_answers(tara, "own", CALM, language="ar", words="Tired.")
    actions.set_level(tara, found, "moderate", "Laughed it off.", all_taken("moderate", home="yes"))
    actions.set_level(tara, found, "low", "Spoke with the psychologist.", all_taken("low"))
    with viewing(tara.viewer):
        (known,) = screenings_of(read_items(tara))
        kinds = [one.words.get("level") for one in read_items(tara) if one.kind == "screening"]
    assert (known.level, known.suggested and known.suggested.level) == ("low", "none")
    assert kinds == [None, "moderate", "low"], "what was recorded before stays"


def test_another_level_is_looked_at_without_losing_what_was_typed(
    cast: Cast, tara: OpenCase
) -> None:
    found = actions.keep_answers(tara, "own", CALM, language="en", words="")
    sent = {"do": "level", "look": "high", "level": "none", "why": "Half a thought", "x": "y"}
    sent["screening"] = str(found)
    page = cast.client("tara").post(f"/cases/{tara.case.pk}/suicide", sent)
    assert page.status_code == 200
    assert "Half a thought" in page.content.decode()
    assert "Before you leave this page" in page.content.decode()
    assert level_of(tara) == "", "looking sets nothing"


def test_what_others_tell_is_never_scored(cast: Cast, tara: OpenCase) -> None:
    actions.keep_told(tara, "Wrote that nothing matters.", "A friend, by phone")
    with viewing(tara.viewer):
        (known,) = screenings_of(read_items(tara))
    assert known.told
    assert known.suggested is None
    page = cast.client("tara").get(f"/cases/{tara.case.pk}/suicide").content.decode()
    assert "No level suggested" in page
    assert "The answers suggest" not in page


def test_who_was_shared_a_case_reads_and_does_not_decide(cast: Cast, tara: OpenCase) -> None:
    share_case(tara, cast.people["dee"].pk, "Knows this work.", database_now() + timedelta(days=7))
    dee = open_the_case(cast.viewer("dee"), tara.case.pk)
    found = actions.keep_told(dee, "Heard it too.", "Myself")
    with pytest.raises(Refused, match="team that has the case"):
        actions.set_level(dee, found, "low", "Why.", all_taken("low"))
    with pytest.raises(Refused, match="team that has the case"):
        actions.go_on(dee, {"did": "begin", "answer": "no"})


PRIVATE = "The bench by the old mill."


def form(**more: str) -> dict[str, str]:
    return {
        "language": "es",
        "signs": "Dejo de contestar",
        "own-alone": PRIVATE,
        "agreed": "yes",
    } | more


def test_what_the_student_keeps_alone_is_printed_and_kept_nowhere(
    cast: Cast, tara: OpenCase
) -> None:
    client, url = cast.client("tara"), f"/cases/{tara.case.pk}/plan"
    printed = client.post(url, form(do="print"))
    assert printed.content.startswith(b"%PDF")
    assert "Cedar" not in printed["Content-Disposition"]
    assert client.post(url, form(do="keep")).status_code == 302
    assert client.post(url, form(do="keep", agreed="")).status_code == 422
    with viewing(tara.viewer):
        entries = read_items(tara)
        (kept,) = versions_of(entries)
    assert kept.parts == {"signs": "Dejo de contestar"}
    assert PRIVATE not in str([one.words for one in entries])
    page = client.get(url).content.decode()
    assert "Dejo de contestar" in page
    assert PRIVATE not in page
    copy = client.get(f"{url}/{kept.id}")
    assert copy.content.startswith(b"%PDF")
    assert client.get(f"{url}/{tara.case.pk}").status_code == 404


def test_a_copy_that_no_font_can_print_says_why_and_breaks_no_page(
    cast: Cast, tara: OpenCase
) -> None:
    actions.keep_plan(tara, {"language": "en", "agreed": "yes", "alone": "漢 🙏"})
    with viewing(tara.viewer):
        (kept,) = versions_of(read_items(tara))
    answer = cast.client("tara").get(f"/cases/{tara.case.pk}/plan/{kept.id}", follow=True)
    assert answer.status_code == 200
    assert "that can’t be printed" in answer.content.decode()


def test_versions_are_added_and_none_is_changed(tara: OpenCase) -> None:
    for words in ("First.", "Second."):
        actions.keep_plan(tara, {"language": "en", "agreed": "yes", "alone": words})
    actions.keep_plan(tara, {"declined": "Not this week."})
    with viewing(tara.viewer):
        found = versions_of(read_items(tara))
    assert [(one.number, one.parts.get("alone"), one.declined) for one in found] == [
        (1, "First.", ""),
        (2, "Second.", ""),
        (3, None, "Not this week."),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_is_set_in_the_students_language_and_never_read_as_markup(language: str) -> None:
    import datetime as dt  # noqa: PLC0415

    odd = '#panic("x") $ \\ <label> @ref *b* [c] 555-0142\n- line two'
    made = plan_pdf({"people": odd}, language=language, day=dt.date(2026, 11, 26), school=False)
    assert made.startswith(b"%PDF")
    with pytest.raises(Refused, match="can’t be printed"):
        plan_pdf({"signs": "漢"}, language=language, day=dt.date(2026, 11, 26), school=True)


def test_a_licensed_instrument_is_used_from_its_file(
    tara: OpenCase, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "HOME", type(settings.HOME)(tmp_path))
    folder = tmp_path / "instruments"
    folder.mkdir()
    (folder / "licensed.toml").write_text(LICENSED, "utf-8")
    (folder / "twice.toml").write_text(LICENSED, "utf-8")
    (folder / "broken.toml").write_text("key =", "utf-8")
    with viewing(cast.viewer("ada")):
        shown = {one.key: one for one in all_texts()}
    assert shown["instrument:licensed"].licence.startswith("Installed with permission")
    assert "taken already" in shown["file:twice.toml"].error
    assert "broken.toml" in shown["file:broken.toml"].error
    answers = {"a": "yes", "b": "yes"}
    actions.keep_answers(tara, "licensed", answers, language="en", words="")
    with viewing(tara.viewer):
        (known,) = screenings_of(read_items(tara))
    assert known.suggested is not None
    assert known.suggested.level == "high"
    assert known.entry.words["instrument"] == "A licensed instrument, 2"


def test_a_text_counts_as_read_only_as_it_stood(cast: Cast) -> None:
    ada = cast.viewer("ada")
    with viewing(ada):
        (text,) = unread(["plan"])
    with pytest.raises(Refused, match="Say who"):
        review_text(ada, "plan", text.digest, " ", stands=True)
    with pytest.raises(Refused, match="changed"):
        review_text(ada, "plan", "0" * 64, "L. Ortiz, psychologist", stands=True)
    review_text(ada, "plan", text.digest, "L. Ortiz, psychologist", stands=True)
    with viewing(cast.viewer("tara")):
        assert unread(["plan"]) == []
        assert len(unread(["threat", "plan"])) == 1
    review_text(ada, "plan", text.digest, "", stands=False)
    with viewing(cast.viewer("tara")):
        assert len(unread(["plan"])) == 1


@pytest.mark.parametrize("who", ["tara", "dee", "alice"])
def test_only_administrators_say_that_a_text_was_read(cast: Cast, who: str) -> None:
    with pytest.raises(Error), viewing(cast.viewer(who)):
        TextReview.objects.create(
            text="plan",
            digest="0" * 64,
            stands=True,
            clinician="Me",
            person_id=cast.people[who].pk,
            at="2026-11-26T00:00:00Z",
        )


def test_not_even_the_owner_changes_what_was_said_of_a_text(cast: Cast) -> None:
    with viewing(cast.viewer("ada")):
        (text,) = unread(["plan"])
    review_text(cast.viewer("ada"), "plan", text.digest, "L. Ortiz", stands=True)
    for change in ("UPDATE guides_textreview SET stands = false", "DELETE FROM guides_textreview"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def post(client: Client, url: str, **said: str) -> str:
    return client.post(url, said, follow=True).content.decode()


def test_the_pages_lead_through_and_lose_nothing_typed(cast: Cast, tara: OpenCase) -> None:
    client, url = cast.client("tara"), f"/cases/{tara.case.pk}/threat"
    assert "Not yet reviewed by a qualified person" in client.get(url).content.decode()
    assert "word for word" in post(client, url, do="begin", answer="no")
    refused = client.post(url, {"do": "words", "exact": "You will see.", "context": ""})
    assert refused.status_code == 422
    assert "You will see." in refused.content.decode()
    assert "Is it over" in post(client, url, do="words", exact="You will see.", context="At lunch")
    assert "Next steps" in post(
        client, url, do="answer", fork="lasting", answer="transient", why="Put right."
    )
    said = {f"left-{one.key}": "yes" for one in threat_guide().outcomes["transient"].steps}
    said |= {f"why-{key.removeprefix('left-')}": "Not here." for key in said}
    shown = post(client, url, do="steps", outcome="transient", maker_home="unknown", **said)
    assert "Finish the assessment" in shown
    assert "It is over" in post(client, url, do="finish", words="Quiet since.")
    case = client.get(f"/cases/{tara.case.pk}").content.decode()
    assert "Quiet since." in case
    assert "Skipped: Look again" in case


def test_strangers_find_no_guide(cast: Cast, tara: OpenCase) -> None:
    for who in ("charlie", "bob", "pia"):
        for page in ("threat", "suicide", "plan"):
            url = f"/cases/{tara.case.pk}/{page}"
            assert cast.client(who).get(url).status_code == 404
            assert cast.client(who).post(url, {"do": "begin"}).status_code == 404
