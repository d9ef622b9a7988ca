"""The signed text: whatever was typed, no value poses as a field or as a signature."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from upstander.mandated.written.forms import ReportForm
from upstander.mandated.written.text import Signature, digest_of, signed_text
from upstander.states import agency_form

FORM = agency_form("dcf-136")
assert FORM is not None
FREE = [field.key for field in FORM.fields if field.kind in ("short", "long")]
AT = datetime(2021, 3, 2, 17, 30, tzinfo=UTC)


def text_of(values: dict[str, str], typed: str = "T") -> str:
    assert FORM is not None
    return signed_text(FORM, values, Signature("0" * 32, UUID(int=1), typed, "A", 7, AT))


@given(st.dictionaries(st.sampled_from(FREE), st.text(max_size=60)), st.text(max_size=40))
def test_each_line_is_what_it_says_it_is(values: dict[str, str], typed: str) -> None:
    empty, full = text_of({}).split("\n"), text_of(values, typed).split("\n")
    assert len(full) == len(empty)
    for one, other in zip(full, empty, strict=True):
        assert one.split(": ")[0] == other.split(": ")[0]
    assert full[-2] == "Signed at: 2021-03-02T17:30:00Z (the server's time)"


@given(st.dictionaries(st.sampled_from(FREE), st.text(max_size=60)))
def test_the_hash_is_the_texts_own(values: dict[str, str]) -> None:
    text = text_of(values)
    assert digest_of(text) == hashlib.sha256(text.encode()).hexdigest()


@given(st.dictionaries(st.sampled_from(FREE), st.text("aé小 \n'<&", max_size=40)))
def test_what_was_kept_comes_back_as_it_was(values: dict[str, str]) -> None:
    assert FORM is not None
    sent = {f"f_{key}": text for key, text in values.items()}
    form = ReportForm(sent, form=FORM)
    assert form.is_valid(), form.errors
    kept = form.values()
    again = ReportForm({f"f_{key}": text for key, text in kept.items()}, form=FORM, values=kept)
    assert again.is_valid()
    assert again.values() == kept
