"""A text column that lies sealed in the database: names, phones, TOTP secrets of staff.

The key is ``settings.FIELD_KEY`` (the key file ``field``), read when a value is. The seal is bound
to model and column, so a name moved into the phone column does not open. It cannot be bound to the
row, which has no id before it is inserted. Values are padded, and equal values differ: such a
column cannot be searched, compared or made unique.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable

from .envelopes import bind, seal, unseal


class SealedTextField[Set, Get](models.Field[Set, Get]):
    """Text, sealed under the field key; ``max_length`` counts characters of the clear text."""

    # For the type checker, which turns them into ``str | None`` on a nullable column.
    _pyi_private_set_type: str | Combinable
    _pyi_private_get_type: str

    description = "Text that is sealed in the database"
    empty_values = (None, "")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def get_internal_type(self) -> str:
        """Let the database see bytes."""
        return "BinaryField"

    def get_prep_value(self, value: Any) -> bytes | None:
        """Seal a value on its way to the database."""
        value = super().get_prep_value(value)
        return None if value is None else seal(_key(), str(value).encode(), aad=self._place())

    def from_db_value(
        self, value: bytes | memoryview | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> str | None:
        """Open a value from the database. Raises SealBroken if it was moved or changed."""
        if value is None:
            return None
        return unseal(_key(), bytes(value), aad=self._place()).decode()

    def to_python(self, value: Any) -> str | None:
        """Return form input as text."""
        return None if value is None else str(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Refuse to be serialised: a fixture would hold the clear text."""
        raise FieldError(f"{self.name} is sealed and is not written to fixtures.")

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow ``isnull`` only: each sealing differs, so any other lookup would find nothing."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: it cannot be looked up by {lookup_name}.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        """Refuse transforms, for the same reason."""
        raise FieldError(f"{self.name} is sealed: it has no {lookup_name}.")

    def formfield(self, **kwargs: Any) -> Any:
        """Return a plain text input."""
        return super().formfield(
            **{"form_class": forms.CharField, "max_length": self.max_length, **kwargs}
        )

    def _place(self) -> bytes:
        return bind("field", self.model._meta.label_lower, self.name)


def _key() -> bytes:
    key: bytes | None = getattr(settings, "FIELD_KEY", None)
    if not key:
        raise ImproperlyConfigured(
            "FIELD_KEY is not set: this process cannot read sealed columns. "
            "It is the key file `field`, which the desk, the worker and the command read."
        )
    return key
