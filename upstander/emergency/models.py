"""What is said to dispatchers and police, and the roster that knows where a child lives.

Every word in these tables is ciphertext; the columns in clear stand in docs/threat-model.md.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Final, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from upstander.approvals.models import Approval

#: How long an agreement to send police stands (``emergency_agreed`` says the same).
AGREEMENT_STANDS: Final = timedelta(hours=2)


class Sheet(models.Model):
    """One numbered version of a tip's dispatch sheet; never edited, only followed by the next."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField()
    district_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    #: JSON of the lines (data/sheet.csv) under the center's seed.
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tip_id", "number"), name="sheet_number"),)

    def __str__(self) -> str:
        return f"sheet {self.number} of {self.tip_id}"


class _PoliceRequests(models.Manager["PoliceRequest"]):
    def get_queryset(self) -> models.QuerySet[PoliceRequest]:
        return super().get_queryset().filter(kind="police")


class PoliceRequest(Approval):
    """Somebody wants police sent where danger is not now: a second person must agree."""

    objects: ClassVar[_PoliceRequests] = _PoliceRequests()

    class Meta:
        proxy = True

    @property
    def tip(self) -> uuid.UUID:
        """The tip on whose page it is decided: no kind of this name is without one."""
        return cast("uuid.UUID", self.tip_id)

    @property
    def agreed(self) -> bool:
        """Whether a second person agreed, now or earlier."""
        return self.outcome == Approval.Outcome.APPROVED

    @property
    def stands_until(self) -> datetime:
        """An agreement is about this night: after it (UTC), somebody must agree anew."""
        return (self.decided_at or self.asked_at) + AGREEMENT_STANDS


class Call(models.Model):
    """Somebody called for help: who, when, whom. What was said is sealed.

    A call that was made is never refused. One that asked for police without a second person and
    without danger that has its reason, one that leaves open what was asked for, and one that was
    written down after twelve hours, is kept with a flag, which the database's trigger sets whatever
    the code says.
    """

    class Line(models.TextChoices):
        E911 = "911", _("911")
        PSAP = "psap", _("the 911 center's ten-digit line")
        POLICE = "police", _("police, directly")
        OTHER = "other", _("someone else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    sheet_number = models.PositiveSmallIntegerField()
    person_id = models.BigIntegerField()
    line = models.CharField(max_length=8, choices=Line.choices)
    #: Whether police were asked for, or only medical help; None: that was not written down.
    police = models.BooleanField(null=True)
    #: The caller's own judgement that danger was now: then nobody else need agree.
    danger_now = models.BooleanField()
    #: Whether the caller gave a reason for that judgement; the words are sealed.
    why_given = models.BooleanField(default=False, db_default=False)
    request = models.ForeignKey(Approval, null=True, on_delete=models.PROTECT, related_name="calls")
    #: Somebody should look at how it came about.
    flagged = models.BooleanField(default=False, db_default=False)
    called_at = models.DateTimeField()
    at = models.DateTimeField()
    #: JSON: dispatcher, incident, said, why (danger is now), at (a time that nobody could read),
    #: under the center's seed.
    sealed = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=("district_id", "at"), name="emergency_call_district"),)

    def __str__(self) -> str:
        return f"call {self.id}"


class CallCorrection(models.Model):
    """A call was written down by mistake and never made: its row stays, and this stands beside it.

    As a call itself it is only ever added, and never for a second time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="correction")
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    #: JSON: why, under the center's seed.
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"correction of call {self.call_id}"


class Brief(models.Model):
    """What one police team was given of one tip, in words of its own; and what became of it."""

    class State(models.TextChoices):
        HANDED = "handed", _("not yet acknowledged")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        ENDED = "ended", _("outcome recorded")

    class Outcome(models.TextChoices):
        SAFE = "safe", _("Seen and safe")
        HELPED = "helped", _("Seen; helped or taken for care")
        NOT_FOUND = "not_found", _("Not found")
        FALSE = "false", _("Nothing found: false or mistaken")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField()
    matter_id = models.UUIDField()
    district_id = models.BigIntegerField()
    team_id = models.BigIntegerField()
    reference = models.CharField(max_length=12)
    priority = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State.choices, default=State.HANDED)
    danger_now = models.BooleanField()
    request = models.ForeignKey(
        Approval, null=True, on_delete=models.PROTECT, related_name="briefs"
    )
    by = models.BigIntegerField()
    at = models.DateTimeField()
    acknowledged_by = models.BigIntegerField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    outcome_by = models.BigIntegerField(null=True)
    outcome_at = models.DateTimeField(null=True)
    #: The officer's words, sealed to the center's inbox.
    outcome_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tip_id", "team_id"), name="brief_once_a_team"),
        )
        indexes = (
            models.Index(fields=("team_id", "state"), name="brief_team"),
            models.Index(fields=("district_id", "at"), name="brief_district"),
        )

    def __str__(self) -> str:
        return f"brief {self.id}"


class BriefPage(models.Model):
    """One numbered version of a brief: sealed once for the center, and once for each reader."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="pages")
    tip_id = models.UUIDField()
    district_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    sheet_number = models.PositiveSmallIntegerField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    #: JSON of words and lines, under a key of the page's own.
    sealed = models.BinaryField()
    #: That key, under the center's seed.
    center_key = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("brief", "number"), name="brief_page_number"),
        )

    def __str__(self) -> str:
        return f"page {self.number} of {self.brief_id}"


class BriefKey(models.Model):
    """A brief page's key, sealed to a police team, or to single officers where one is excluded."""

    page = models.ForeignKey(BriefPage, on_delete=models.CASCADE, related_name="keys")
    brief_id = models.UUIDField()
    district_id = models.BigIntegerField()
    holder = models.CharField(max_length=80)
    key_version = models.PositiveIntegerField()
    blob = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("page", "holder"), name="brief_key_once_a_holder"),
        )

    def __str__(self) -> str:
        return f"key of {self.page_id} for {self.holder}"


class Roster(models.Model):
    """One school's students as last imported. Each import is a new roster with a new key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district_id = models.BigIntegerField()
    #: None for students whose school the system does not know: the center's alone.
    school_id = models.BigIntegerField(null=True)
    students = models.PositiveIntegerField()
    imported_by = models.BigIntegerField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("district_id", "school_id"),
                nulls_distinct=False,
                name="one_roster_a_school",
            ),
        )

    def __str__(self) -> str:
        return f"roster {self.id}"


class RosterKey(models.Model):
    """A roster's key, sealed to a team that may search it."""

    roster = models.ForeignKey(Roster, on_delete=models.DB_CASCADE, related_name="keys")
    district_id = models.BigIntegerField()
    holder = models.CharField(max_length=80)
    key_version = models.PositiveIntegerField()
    blob = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("roster", "holder"), name="roster_key_once_a_holder"),
        )

    def __str__(self) -> str:
        return f"key of {self.roster_id} for {self.holder}"


class RosterEntry(models.Model):
    """One student, sealed under the roster's key. No role reads this table: see the functions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roster = models.ForeignKey(Roster, on_delete=models.DB_CASCADE, related_name="entries")
    district_id = models.BigIntegerField()
    #: Name and grade: what a search shows, so that two of one name can be told apart.
    label = models.BinaryField()
    #: Where they live, guardians, language, what responders must know.
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"roster entry {self.id}"


class RosterBlindIndex(models.Model):
    """One keyed blind index of a student's name, as of subjects' names (tips/blind_indexes.py)."""

    entry = models.ForeignKey(
        RosterEntry, on_delete=models.DB_CASCADE, related_name="blind_indexes"
    )
    roster = models.ForeignKey(
        Roster, on_delete=models.DB_CASCADE, related_name="+", db_index=False
    )
    district_id = models.BigIntegerField()
    blind_index = models.BinaryField(max_length=16)

    class Meta:
        indexes = (models.Index(fields=("roster", "blind_index"), name="roster_blind_index"),)

    def __str__(self) -> str:
        return f"blind_index of {self.entry_id}"


class RosterOpening(models.Model):
    """Somebody looked a student up for a tip, and why. Written by the function that looks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    #: None: a search by name. Else the entry that was opened (it may be gone since).
    entry_id = models.UUIDField(null=True)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    audience = models.CharField(max_length=10)
    handoff_id = models.UUIDField()
    #: The name that was asked for and the reason, under the asker's own side's seed.
    sealed = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=("person_id", "at"), name="roster_opening_person"),)

    def __str__(self) -> str:
        return f"opening {self.id}"
