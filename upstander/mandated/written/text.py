"""The signed text: what exactly was signed, as plain lines that anybody can hash again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from upstander.states import AgencyForm


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, when (UTC, the server's time), and as whom they were signed in."""

    #: 128 random bits in hex: two equal reports differ, and a hash can't be guessed back.
    document: str
    duty_id: UUID
    typed: str
    account: str
    person_id: int
    at: datetime


def signed_text(form: AgencyForm, values: Mapping[str, str], signature: Signature) -> str:
    """Return the text that is signed: each field on a line of its own, empty ones too.

    In English, whatever the desk speaks: the agency reads it, and its hash is in the record.
    Line breaks inside a value are written as `` / ``, so that no value can pose as a field.
    """
    lines = [
        form.title,
        f"Form: {form.key}, {form.revision}",
        f"To: {form.agency}",
        f"Document: {signature.document}",
        f"Duty: {signature.duty_id}",
    ]
    for section in form.sections:
        lines += ["", section.title]
        lines += [
            f"{field.label}: {_line(field.words(values.get(field.key, ''))) or 'not known'}"
            for field in section.fields
        ]
    lines += [
        "",
        f"Signed: {_line(signature.typed)}",
        f"Account: {_line(signature.account)} (person {signature.person_id})",
        f"Signed at: {signature.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} (the server's time)",
    ]
    return "\n".join(lines) + "\n"


def digest_of(text: str) -> str:
    """Return SHA-256 of the signed text in hex, as ``sha256sum`` says it of the file."""
    return hashlib.sha256(text.encode()).hexdigest()


def _line(value: str) -> str:
    return " / ".join(part.strip() for part in value.splitlines() if part.strip())
