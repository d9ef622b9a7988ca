"""Sealed columns: the database sees bytes, and only in their own column do they open."""

import secrets
from collections.abc import Iterator

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.db import connection, models
from django.db.models.expressions import Col
from django.test.utils import isolate_apps
from pytest_django import Settings

from upstander.vault.errors import SealBroken
from upstander.vault.fields import SealedTextField


@pytest.fixture(autouse=True)
def field_key(settings: Settings) -> None:
    settings.FIELD_KEY = secrets.token_bytes(32)


@pytest.fixture
def helper() -> Iterator[type[models.Model]]:
    with isolate_apps("upstander.vault"):

        class Helper(models.Model):
            name = SealedTextField(max_length=40)
            phone = SealedTextField(null=True, blank=True)

            class Meta:
                app_label = "vault"

            def __str__(self) -> str:
                return "helper"

        yield Helper


def column(model: type[models.Model], name: str) -> SealedTextField[str, str]:
    """Return one of the model's sealed columns."""
    field = model._meta.get_field(name)
    assert isinstance(field, SealedTextField)
    return field


def stored(field: SealedTextField[str, str], value: str | None) -> bytes:
    """Return what goes to the database."""
    sent = field.get_db_prep_save(value, connection)
    assert isinstance(sent, bytes)
    return sent


def loaded(field: SealedTextField[str, str], value: bytes | memoryview | None) -> str | None:
    """Return what comes back from the database."""
    return field.from_db_value(value, Col("helper", field), connection)


@pytest.mark.parametrize("text", ["Dana Okafor", "", "Zoë ñ \u0627", "x" * 5000])
def test_round_trip(helper: type[models.Model], text: str) -> None:
    field = column(helper, "name")
    sent = stored(field, text)
    assert not text or text.encode() not in sent
    assert loaded(field, memoryview(sent)) == text


def test_null_stays_null(helper: type[models.Model]) -> None:
    field = column(helper, "phone")
    assert field.get_db_prep_save(None, connection) is None
    assert loaded(field, None) is None


def test_equal_values_do_not_look_equal(helper: type[models.Model]) -> None:
    field = column(helper, "name")
    assert stored(field, "Dana") != stored(field, "Dana")
    assert len(stored(field, "Dana")) == len(stored(field, "Maximiliane von Hohenfels"))


def test_a_value_moved_to_another_column_does_not_open(helper: type[models.Model]) -> None:
    with pytest.raises(SealBroken):
        loaded(column(helper, "phone"), stored(column(helper, "name"), "Dana"))


def test_a_stolen_column_does_not_open_under_another_key(
    helper: type[models.Model], settings: Settings
) -> None:
    field = column(helper, "name")
    sent = stored(field, "Dana")
    settings.FIELD_KEY = secrets.token_bytes(32)
    with pytest.raises(SealBroken):
        loaded(field, sent)


@pytest.mark.parametrize("lookup", ["exact", "contains", "in", "gt"])
def test_a_sealed_column_cannot_be_searched(helper: type[models.Model], lookup: str) -> None:
    with pytest.raises(FieldError):
        helper._default_manager.filter(**{f"name__{lookup}": "Dana"})


def test_a_missing_value_can_be_asked_for(helper: type[models.Model]) -> None:
    assert "IS NULL" in str(helper._default_manager.filter(phone__isnull=True).query)


def test_the_form_counts_clear_characters(helper: type[models.Model]) -> None:
    field = column(helper, "name")
    assert field.formfield().max_length == 40
    field.clean("x" * 40, None)
    with pytest.raises(ValidationError):
        field.clean("x" * 41, None)


def test_no_fixture_holds_the_clear_text(helper: type[models.Model]) -> None:
    with pytest.raises(FieldError):
        column(helper, "name").value_to_string(helper(name="Dana"))


def test_a_process_without_the_key_says_so(helper: type[models.Model], settings: Settings) -> None:
    settings.FIELD_KEY = b""
    with pytest.raises(ImproperlyConfigured, match="key file `field`"):
        stored(column(helper, "name"), "Dana")
