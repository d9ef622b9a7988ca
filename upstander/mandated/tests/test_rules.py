"""An administrator confirms what a rule says, and its mark goes; a changed file brings it back."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction
from msgspec.structs import replace

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.escalations.tests.alerts import taken_back
from upstander.mandated.actions.confirming import (
    all_facts,
    as_confirmed,
    confirm_fact,
    facts_of,
)
from upstander.mandated.models import Confirmation
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people.scope import viewing
from upstander.rulefiles import LawFile
from upstander.states import law

pytestmark = pytest.mark.django_db

RULES = law("us-ct").duties
FILE = LawFile("us-ct", RULES.name, RULES)
FACT = "duties.bullying.first"


@pytest.mark.parametrize("typed", ["", "us_ct", "../us-ct", "us-ct\0", "9" * 400, "x/y"])
def test_a_typed_key_is_looked_up_and_never_opened(typed: str) -> None:
    with pytest.raises(KeyError):
        law(typed)


def digest() -> str:
    return next(fact.digest for fact in facts_of(FILE) if fact.key == FACT)


def test_confirmed_once_the_mark_is_gone_for_everybody_and_can_be_taken_back(cast: Cast) -> None:
    offices(cast)
    duty_id = suspect(cast, rule="bullying")
    page, client = f"/duties/{duty_id}", cast.client("ada")
    marks = cast.client("tess").get(page).content.decode().count("not yet confirmed")
    assert "Not yet confirmed" in client.get("/rules").content.decode()
    sent = {"rule_set": "us-ct", "fact": FACT, "digest": digest()}
    client.post("/rules/confirm", sent | {"stands": "yes"})
    assert cast.client("tess").get(page).content.decode().count("not yet confirmed") == marks - 1
    assert "confirmed by Ada" in client.get("/rules").content.decode()
    assert Entry.objects.get(action="rule confirmed").detail["fact"] == FACT
    client.post("/rules/confirm", sent | {"stands": "no"})
    assert cast.client("tess").get(page).content.decode().count("not yet confirmed") == marks
    assert Confirmation.objects.count() == 2


def test_what_says_something_else_by_now_is_not_confirmed(cast: Cast) -> None:
    ada = cast.viewer("ada")
    with pytest.raises(Refused):
        confirm_fact(ada, "us-ct", FACT, "0" * 64, stands=True)
    with pytest.raises(Refused):
        confirm_fact(ada, "us-ct", "duties.nothing.first", digest(), stands=True)
    confirm_fact(ada, "us-ct", FACT, digest(), stands=True)
    bullying = RULES.duties["bullying"]
    changed = replace(bullying, first=replace(bullying.first, amount=2))
    other = replace(RULES, duties={**RULES.duties, "bullying": changed})
    with viewing(ada):
        assert as_confirmed([RULES])["us-ct"].duties["bullying"].first.confirmed
        assert not as_confirmed([other])["us-ct"].duties["bullying"].first.confirmed
        by_key = {fact.key: fact for fact in all_facts()}
    assert by_key[FACT].confirmed
    assert not by_key["duties.abuse.first"].confirmed, "no file confirms what it says"
    assert not by_key["duties.bullying.written"].confirmed


def test_nobody_else_confirms_and_what_was_confirmed_stays_written(cast: Cast) -> None:
    for name in ("tom", "dee", "sam", "otto"):
        assert cast.client(name).get("/rules").status_code == 403
        with pytest.raises(Error), taken_back():
            confirm_fact(cast.viewer(name), "us-ct", FACT, digest(), stands=True)
    confirm_fact(cast.viewer("ada"), "us-ct", FACT, digest(), stands=True)
    for attack in ("DELETE FROM mandated_confirmation", "UPDATE mandated_confirmation SET at = at"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
