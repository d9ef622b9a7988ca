"""Where services come from by themselves, and what of it waits for a yes."""

import json
import uuid
from typing import Final

from django.db import models
from django.db.models.expressions import RawSQL

from upstander.states import the_only_state

#: So many characters of a field stand in a preview.
_SHOWN: Final = 300


class Source(models.Model):
    """A file that was uploaded, or a feed that is read each night. It owns what it brought."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    #: Empty: files alone.
    url = models.URLField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=15, default=the_only_state)
    #: The person who is told what it brings.
    keeper = models.BigIntegerField()
    #: When the worker reads it (again), in UTC.
    due_at = models.DateTimeField(null=True)
    #: What the server called its last answer that was read.
    etag = models.CharField(max_length=200, blank=True, default="")
    #: SHA-256 of what was read last.
    digest = models.CharField(max_length=64, blank=True, default="")
    read_at = models.DateTimeField(null=True)
    #: Why it could not be read the last time.
    trouble = models.TextField(blank=True, default="")
    #: The first things that were wrong ([where, field, words]), and how many there were.
    mistakes = models.JSONField(default=list)
    mistaken = models.PositiveIntegerField(default=0)
    #: How many records could be read; none: nobody has counted.
    sound = models.PositiveIntegerField(null=True)
    #: Less than 80 % of what stood would be left: two must say yes.
    shrinks = models.BooleanField(default=False)
    #: The person who said the first of two.
    first_yes = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("due_at",), condition=models.Q(due_at__isnull=False), name="source_due"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Verdict(models.TextChoices):
    """What a yes would do."""

    NEW = "new", "new"
    CHANGED = "changed", "changed"
    GONE = "gone", "gone"
    #: A person has decided on the service: it stays until somebody chooses, yes or no.
    DISPUTED = "disputed", "disputed"


class Incoming(models.Model):
    """One record of a source that is not as it stands here. Changes nothing before a yes."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="incoming")
    #: ``standards.hsds.shapes.KINDS``
    kind = models.CharField(max_length=20)
    key = models.UUIDField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    name = models.CharField(max_length=200)
    #: None: the source has it no more. Of what is confidential, without places.
    record = models.JSONField(null=True)
    confidential = models.BooleanField(default=False)
    #: Field, what stands, what comes.
    changes = models.JSONField(default=list)
    #: The fields from which something went that looks like an address. Not what.
    struck = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "kind", "key"), name="incoming_once"),
            models.CheckConstraint(
                name="incoming_confidential_is_nowhere",
                condition=~models.Q(kind="location", confidential=True)
                | models.Q(record__isnull=True)
                | models.Q(
                    RawSQL(
                        "record - 'id' = '{\"location_type\": \"virtual\"}'",
                        (),
                        output_field=models.BooleanField(),
                    )
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.verdict}"

    @property
    def comes(self) -> list[tuple[str, str]]:
        """What a new one says, field by field."""
        if self.verdict != Verdict.NEW:
            return []
        return [(key, words_of(said)) for key, said in (self.record or {}).items() if key != "id"]


def words_of(value: object, *, ids: bool = False) -> str:
    """Return what a field of a record says, for a preview; ``ids``: with the parts' own."""
    text = "" if value is None else _plain(value, ids)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _plain(value: object, ids: bool) -> str:
    """Say parts as "name: what it says", not as a program writes them."""
    if isinstance(value, dict):
        said = ((key, one) for key, one in value.items() if one is not None)
        parts = (f"{key}: {_plain(one, ids)}" for key, one in said if ids or key != "id")
        return ", ".join(parts)
    if isinstance(value, list):
        return "; ".join(_plain(one, ids) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
