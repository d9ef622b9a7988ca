"""What staff type: nonsense is refused in words, what says something is kept as it was written."""

from __future__ import annotations

import pytest
from django.forms import Field, Textarea, ValidationError

from upstander.base.phones import NoNumber, e164
from upstander.ui.fields import Grades, PersonName, Phone, Words

LINE = Words(max_length=120)
SPARE = Words(max_length=120, required=False)
REASON = Words(max_length=500, widget=Textarea)
NOTE = Words(max_length=500, required=False, widget=Textarea)
ASKED = Words(max_length=500, required=False, anything=True)
NAME = PersonName(max_length=120)
PHONE = Phone(max_length=30)
GRADES = Grades(max_length=20)

NO_WORDS = "Use letters or numbers: this has only other signs."
TURNED = "This has invisible marks that turn writing around. Type it instead of pasting."
NO_PHONE = "Write a whole phone number, such as 860-555-0134, or one with + and a country."
NO_GRADES = "Write grades like 6-8, K-5 or 9-12."


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (LINE, "%%%", NO_WORDS),
        (LINE, "   ", "This field is required."),
        (LINE, "\0\x07", "This field is required."),
        (LINE, "👍", NO_WORDS),
        (LINE, "Cedar \u202eloohcS", TURNED),
        (LINE, "x" * 10_000, "At most 120 characters fit here; this has 10000."),
        (SPARE, "...", NO_WORDS),
        (REASON, "…", NO_WORDS),
        (NAME, "123", "Write a name, with letters."),
        (NAME, "%%%", NO_WORDS),
        *(
            (PHONE, typed, NO_PHONE)
            for typed in (
                "banana",
                "911",
                "555-0134",
                "860-555-0134 or ask Ana",
                "banana 860-555-0134",
                "1-800-BANANAS",
                "860-555-013",
                "+1",
                "86055501340000",
            )
        ),
        (PHONE, "%%%", NO_WORDS),
        (PHONE, "((((((((((", NO_WORDS),
        *((GRADES, typed, NO_GRADES) for typed in ("13", "-1", "6-", "banana", "6-99")),
    ],
)
def test_nonsense_is_refused_in_words(field: Field, typed: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages[0] == said


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (LINE, " PS 118 ", "PS 118"),
        (LINE, "مدرسة الأرز", "مدرسة الأرز"),
        (LINE, "Elm\tStreet\r\n14", "Elm Street 14"),
        (LINE, "7", "7"),
        (SPARE, "", ""),
        (NOTE, "?", "?"),
        (NOTE, "One.\r\nTwo.\x00", "One.\nTwo."),
        (NOTE, "said in \u202bעברית\u202c", "said in \u202bעברית\u202c"),
        (ASKED, "?", "?"),
        (NAME, "Zoë O’Neill-Łoś", "Zoë O’Neill-Łoś"),
        (PHONE, "(860) 555-0134", "(860) 555-0134"),
        (PHONE, "860.555.0134 ext. 12", "860.555.0134 ext. 12"),
        (PHONE, "860-555-0134 x12", "860-555-0134 x12"),
        (PHONE, "+52 55 1234 5678", "+52 55 1234 5678"),
        (GRADES, "6-8", "6-8"),
        (GRADES, "PK–5", "PK–5"),
        (GRADES, "K to 12", "K to 12"),
        (GRADES, "9, 10", "9, 10"),
    ],
)
def test_what_says_something_is_kept_as_it_was_written(field: Field, typed: str, kept: str) -> None:
    assert field.clean(typed) == kept


@pytest.mark.parametrize("typed", ["911", "555-0134", "banana", "860-555-0134 x12", ""])
def test_what_carriers_are_given_can_be_dialed_from_anywhere(typed: str) -> None:
    assert e164("(860) 555-0134") == "+18605550134"
    with pytest.raises(NoNumber):
        e164(typed)
