"""Certificates: a number that nobody can guess, and a page that confirms a name typed whole.

Nothing is stored for one: its number is the completion's, signed under the desk's own key. So a
stolen database makes none, and each completion can have its page at any time.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.http import Http404
from django.utils.crypto import constant_time_compare, salted_hmac

from upstander.training.models import Employee


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says; whose it is it tells only to whoever knows."""

    number: str
    course: str
    completed_on: date
    _name: str

    def is_of(self, typed: str) -> bool:
        """Tell whether a name that was typed is the whole name; case and blanks mean nothing."""
        return constant_time_compare(_folded(typed), _folded(self._name))


def number_of(completion_id: int) -> str:
    """Return the number of a completion's certificate: letters and digits, 80 bits to guess."""
    return f"{completion_id:X}-{_signature(completion_id)}"


def certificate_of(number: str) -> Certificate:
    """Return what a number stands for, to whoever has it, outside ``viewing``. Raises Http404."""
    first, _, signature = number.partition("-")
    try:
        completion_id = int(first, 16)
    except ValueError as error:
        raise Http404 from error
    if completion_id >= 2**63 or not constant_time_compare(signature, _signature(completion_id)):
        raise Http404
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT course, completed_on, name FROM api.training_certificate(p_completion => %s)",
            [completion_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise Http404
    name = Employee._meta.get_field("name").from_db_value(row[2], None, connection)
    return Certificate(number, row[0], row[1], name or "")


def _signature(completion_id: int) -> str:
    signed = salted_hmac("training.certificate", str(completion_id), algorithm="sha256")
    return signed.hexdigest()[:20].upper()


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
