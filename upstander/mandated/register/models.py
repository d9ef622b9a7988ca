"""The register of allegations about staff: kept apart from every student's record.

An entry is one folder of kind ``register`` (places/folders.py). Whom it is about is sealed in it,
and found again by keyed marks alone; no child is named anywhere in it.
"""

import uuid

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One allegation about one person. Unproven until an outcome is written down."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", "not said yet"
        PHYSICAL = "physical", "physical abuse"
        SEXUAL = "sexual", "sexual abuse or misconduct"
        EMOTIONAL = "emotional", "emotional abuse or threats"
        NEGLECT = "neglect", "neglect"
        RESTRAINT = "restraint", "unlawful restraint or seclusion"
        OTHER = "other", "other"

    class Outcome(models.TextChoices):
        UNPROVEN = "unproven", "unproven: no outcome yet"
        SUBSTANTIATED = "substantiated", "substantiated"
        UNSUBSTANTIATED = "unsubstantiated", "not substantiated"
        SAME = "same", "the same incident as another entry"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    folder_id = models.UUIDField(unique=True)
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField(db_index=True)
    #: The duty that it came from; NULL where an office wrote it down.
    duty_id = models.UUIDField(null=True)
    happened_on = models.DateField()
    filed_at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    #: Whether the child has a disability, and whether restraint or seclusion was part of it; None:
    #: not known. Fields and no free text: whom this happens to most must be countable.
    disability = models.BooleanField(null=True)
    restraint = models.BooleanField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    outcome_on = models.DateField(null=True)
    #: Until when the rule set has it kept; NULL: while it is unproven, without end.
    keep_until = models.DateField(null=True)
    #: Who has proposed to destroy it, once its time has run out; a second person does it.
    dispose_by = models.BigIntegerField(null=True)
    disposed_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        indexes = (
            models.Index(fields=("district_id", "-filed_at", "id"), name="register_district"),
            models.Index(
                fields=("district_id", "keep_until"),
                condition=Q(disposed_at__isnull=True),
                name="register_run_out",
            ),
        )

    def __str__(self) -> str:
        return f"allegation {self.id}"


class Mark(models.Model):
    """A keyed mark of whom an entry is about: equal marks are one person, and tell nothing else."""

    class Strength(models.IntegerChoices):
        PERSON = 4, "the same account"
        SAME = 3, "the same name"
        #: Of words that somebody typed: what looks like a name may be a school's.
        TYPED = 2, "a name in the words"
        PARTS = 1, "two names in common"

    id = models.BigAutoField(primary_key=True)
    # No index of its own: `register_mark_once` begins with it.
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, db_index=False)
    district_id = models.BigIntegerField()
    strength = models.SmallIntegerField(choices=Strength.choices)
    mark = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("entry", "mark"), name="register_mark_once"),
        )
        indexes = (models.Index(fields=("district_id", "mark"), name="register_mark_found"),)

    def __str__(self) -> str:
        return f"mark of {self.entry_id}"


class Event(models.Model):
    """What was done with an entry: who opened it and why, what was changed. Never changed."""

    class Kind(models.TextChoices):
        FILED = "filed", "filed"
        OPENED = "opened", "opened"
        CHANGED = "changed", "changed"
        NAMED = "named", "person named"
        PROPOSED = "proposed", "disposal proposed"
        KEPT = "kept", "disposal not agreed"
        DISPOSED = "disposed", "destroyed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: `register_event_number` begins with it.
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, db_index=False)
    district_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Why it was opened, by its code (``reasons.py``); the words are sealed.
    reason = models.CharField(max_length=12, blank=True, default="")
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("entry", "number"), name="register_event_number"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.entry_id}"


class Disclosure(models.Model):
    """An answer to somebody who hires: what the law lets one say of a person. Never changed."""

    class Answer(models.TextChoices):
        NOTHING = "nothing", "nothing to tell"
        TOLD = "told", "something was told"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    folder_id = models.UUIDField(unique=True)
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    #: The day on which it was asked, from which the days for the answer count.
    asked_on = models.DateField()
    answer = models.CharField(max_length=8, choices=Answer.choices)
    #: How many entries were found and left out: then a second person decides before it is a letter.
    left_out = models.PositiveSmallIntegerField(default=0)
    sealed = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=("district_id", "-at", "id"), name="disclosure_district"),)

    def __str__(self) -> str:
        return f"disclosure {self.id}"


class Decision(models.Model):
    """A second person's word on an answer that leaves out what was found. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT)
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    #: False: it is no answer, and whoever wrote it answers anew.
    agrees = models.BooleanField()
    at = models.DateTimeField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"decision on {self.disclosure_id}"
