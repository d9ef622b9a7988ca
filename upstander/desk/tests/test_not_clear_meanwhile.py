"""While the center settles who must not see a tip, no letter calls anybody of there clear."""

from __future__ import annotations

from datetime import date

import pytest

from conftest import Cast
from upstander.carriers.models import Notice
from upstander.desk.tests.test_must_not_see import claimed, meant, suspects
from upstander.mandated.actions import duties as actions
from upstander.mandated.register.actions import disclosing
from upstander.mandated.register.models import Entry
from upstander.mandated.register.tests.test_left_out import text_of
from upstander.mandated.register.tests.test_register_pages import question
from upstander.mandated.register.tests.test_unfiled import asked
from upstander.mandated.tests.test_duties import offices

pytestmark = pytest.mark.django_db


def test_no_letter_says_nothing_while_the_center_settles_who_must_not_see(cast: Cast) -> None:
    offices(cast)
    # By a whole name, as accounts have: half a name would leave whoever is asked about open.
    cast.people["uma"].name = "Uma Marlow"
    cast.people["uma"].save()
    tip = claimed(cast)
    duty = suspects(cast, tip, "bea", accused=(cast.people["uma"].pk,))
    assert not Entry.objects.exists()
    birch = cast.birch.pk
    # Of every school and day alike: which it is would be told by asking.
    for more in (
        {},
        {"school_id": cast.cedar.pk},
        {"school_id": birch},
        {"worked_until": date(2099, 1, 1)},
        {"worked_until": date(2019, 6, 30)},
    ):
        letter, page = asked(cast, "Terry Voss", "cleo", **more)
        assert "nothing" not in letter.lower()
        assert "No answer can be given yet" in letter
        assert str(disclosing.NOT_CLEAR) in page
        # No more than the letter: neither whose, nor how many, nor a way to it.
        assert str(duty) not in page
        assert "name no one yet" not in page
    clean = disclosing.answer(cast.viewer("cleo"), question(cast, "Terry Voss"), [])
    # Settled, it waits for its owner to open it again; and is filed then, under a name.
    meant(cast, tip, "tom", who="alice")
    assert not Entry.objects.exists()
    assert "nothing" not in asked(cast, "Terry Voss", "cleo")[0].lower()
    actions.open_duty(cast.viewer("bea"), duty)
    assert Entry.objects.count() == 1
    assert "Nothing." in asked(cast, "Terry Voss", "cleo")[0]
    assert "nothing" not in text_of(cast, "cleo", clean).lower(), "as it was answered"
    # It is nobody's to fill a seat for.
    assert not Notice.objects.filter(kind="register_unread").exists()
