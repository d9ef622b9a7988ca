"""The register of allegations about staff: kept apart from every student's record.

An entry is one folder of kind ``register`` (places/folders.py). Whom it is about is sealed in it,
and found again by keyed marks alone; no child is named anywhere in it.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
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
    #: The last proposal by which what a letter rests on was changed; 0: none was.
    change_number = models.PositiveIntegerField(default=0)
    #: Whom it is about, and what those who hire are told: what only two persons change.
    sealed = models.BinaryField()
    #: What was alleged and done: one person writes it down, and no letter rests on it.
    notes = models.BinaryField(default=bytes)

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
        CHANGED = "changed", "written down"
        ASKED = "asked", "change proposed"
        AGREED = "agreed", "change agreed: it stands"
        REFUSED = "refused", "change not agreed"
        BACK = "back", "change taken back"
        SETTLED = "settled", "said who may read it"
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


class Proposal(models.Model):
    """A change of what a letter rests on, which a second person agrees to, or doesn't.

    Whom an entry is about, since when, of what kind, what came of it, what is told beside it. What
    was proposed never changes; it is decided once.
    """

    class State(models.TextChoices):
        WAITS = "waits", "waits for a second person"
        AGREED = "agreed", "agreed"
        REFUSED = "refused", "not agreed"
        BACK = "back", "taken back"
        LAPSED = "lapsed", "nobody decided in time"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: `register_proposal_number` begins with it.
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, db_index=False)
    district_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    #: Whether it changes whom the entry is about: while it waits, that isn't known.
    renames = models.BooleanField()
    #: What the entry is to say.
    happened_on = models.DateField()
    kind = models.CharField(max_length=12, choices=Entry.Kind.choices)
    outcome = models.CharField(max_length=16, choices=Entry.Outcome.choices)
    outcome_on = models.DateField(null=True)
    keep_until = models.DateField(null=True)
    strengths = ArrayField(models.SmallIntegerField())
    marks = ArrayField(models.BinaryField(max_length=16))
    #: The entry's ``sealed`` as it is to be.
    sealed = models.BinaryField()
    #: Why.
    reason = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("entry", "number"), name="register_proposal_number"),
            models.UniqueConstraint(
                fields=("entry",), condition=Q(state="waits"), name="register_one_proposal"
            ),
        )

    def __str__(self) -> str:
        return f"change of {self.entry_id}"


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
