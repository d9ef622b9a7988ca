"""The register of allegations about staff: kept apart from every student's record.

An entry is one folder of kind ``register`` (matters/folders.py). Whom it is about is sealed in it,
and found again by keyed blind indexes alone, which lie sealed as well; no child is named anywhere
in it.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One allegation about one person. Unproven until an outcome is written down."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", _("not said yet")
        PHYSICAL = "physical", _("physical abuse")
        SEXUAL = "sexual", _("sexual abuse or misconduct")
        EMOTIONAL = "emotional", _("emotional abuse or threats")
        NEGLECT = "neglect", _("neglect")
        RESTRAINT = "restraint", _("unlawful restraint or seclusion")
        OTHER = "other", _("other")

    class Outcome(models.TextChoices):
        UNPROVEN = "unproven", _("unproven: no outcome yet")
        SUBSTANTIATED = "substantiated", _("substantiated")
        UNSUBSTANTIATED = "unsubstantiated", _("not substantiated")
        SAME = "same", _("the same incident as another entry")

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
    #: The blind indexes of whom it is about, under the register's key
    #: (``blind_indexes.seal_indexes``).
    found_by = models.BinaryField(default=bytes)

    class Meta:
        constraints = (
            # One that nobody is found by would be missing in a letter.
            models.CheckConstraint(
                condition=Q(disposed_at__isnull=False) | ~Q(found_by=b""), name="register_found_by"
            ),
        )
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


class BlindIndex(models.Model):
    """That an entry has a blind index that says who it is: bound to it, so that no two are equal.

    A trigger binds it (``register_blindindex_guard``). The database finds an entry by the blind
    index itself, which whoever asks hands in and which stands nowhere.
    """

    class Strength(models.IntegerChoices):
        PERSON = 4, _("the same account")
        SAME = 3, _("the same name")
        #: Of words that somebody typed: what looks like a name may be a school's.
        TYPED = 2, _("a name in the words")
        PARTS = 1, _("two names in common")

    id = models.BigAutoField(primary_key=True)
    # No index of its own: `register_blindindex_once` begins with it.
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, db_index=False)
    district_id = models.BigIntegerField()
    strength = models.SmallIntegerField(choices=Strength.choices)
    blind_index = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("entry", "blind_index"), name="register_blindindex_once"
            ),
            # How many there are of the others would tell how many words the name has.
            models.CheckConstraint(condition=Q(strength__gte=2), name="register_blindindex_sure"),
        )
        indexes = (models.Index(fields=("district_id",), name="register_blindindex_district"),)

    def __str__(self) -> str:
        return f"blind_index of {self.entry_id}"


class Event(models.Model):
    """What was done with an entry: who opened it and why, what was changed. Never changed."""

    class Kind(models.TextChoices):
        FILED = "filed", _("filed")
        OPENED = "opened", _("opened")
        CHANGED = "changed", _("written down")
        ASKED = "asked", _("change proposed")
        AGREED = "agreed", _("change agreed: it stands")
        REFUSED = "refused", _("change not agreed")
        BACK = "back", _("change taken back")
        SETTLED = "settled", _("said who may read it")
        PROPOSED = "proposed", _("disposal proposed")
        KEPT = "kept", _("disposal not agreed")
        DISPOSED = "disposed", _("destroyed")

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
        WAITS = "waits", _("waits for a second person")
        AGREED = "agreed", _("agreed")
        REFUSED = "refused", _("not agreed")
        BACK = "back", _("taken back")
        LAPSED = "lapsed", _("no one decided in time")

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
    #: As in ``BlindIndex``: bound to the entry.
    blind_indexes = ArrayField(models.BinaryField(max_length=32))
    #: The entry's ``found_by`` as it is to be.
    found_by = models.BinaryField(default=bytes)
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
        NOTHING = "nothing", _("nothing to disclose")
        UNCLEAR = "unclear", _("nothing disclosed, and no finding")
        TOLD = "told", _("something was disclosed")

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
