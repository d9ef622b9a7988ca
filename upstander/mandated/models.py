"""Duties: each is one mandated reporter's own, and nobody else's to end.

What was seen and said is sealed in the duty's folder (matters/folders.py); its clocks stand in
clear, because the reminders and the ledger need them. A duty's rows are written by functions of the
database that act for its owner alone, and are never deleted.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upstander.mandated.leaving.models import Shutting, StandIn  # noqa: F401

# Django looks for an app's models here.
from upstander.mandated.ledger_models import MonthChange, Tally  # noqa: F401
from upstander.people.approved_texts import Approval


class Duty(models.Model):
    """One person's duty to report one suspicion. Its standing is computed (clocks.py), not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    folder_id = models.UUIDField(unique=True)
    person_id = models.BigIntegerField(db_index=True)
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField(db_index=True)
    tip_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    rule_set = models.CharField(max_length=20)
    rule = models.CharField(max_length=20)
    #: Whether the investigation is the school's own (``inquiry`` in its rule); else an agency's.
    school_inquiry = models.BooleanField(default=False)
    #: When reasonable cause arose, as its owner typed it; the server's own time is ``opened_at``.
    cause_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    #: The month of ``opened_at`` where the district is, by its first day: how the ledger is kept.
    month = models.DateField()
    #: When the first report is due; computed from the rule when the duty began (clocks.py).
    first_due = models.DateTimeField()
    #: When its owner first opened, and first noted something on, the matter (from the record).
    matter_opened_at = models.DateTimeField(null=True)
    matter_noted_at = models.DateTimeField(null=True)
    #: Whether one of the questions that only the phone answers was a yes. None: not asked yet.
    emergent = models.BooleanField(null=True)
    first_way = models.CharField(max_length=12, blank=True, default="")
    first_at = models.DateTimeField(null=True)
    first_recorded_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    #: When the written report is due: computed when the first one was written down.
    written_due = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)
    written_recorded_at = models.DateTimeField(null=True)
    #: What proves the report (its words are sealed): whom its owner spoke to or a reference number;
    #: something signed or a file; how it went, and where.
    says_whom = models.BooleanField(default=False, db_default=False)
    has_paper = models.BooleanField(default=False, db_default=False)
    says_where = models.BooleanField(default=False, db_default=False)
    #: The next reminder, and how many there were. The worker's columns; NULL once both are made.
    remind_at = models.DateTimeField(null=True)
    reminded = models.PositiveIntegerField(default=0)
    #: When the offices were last told that it is late: the worker's column too.
    offices_told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("school_id", "-opened_at", "id"), name="duty_school"),
            models.Index(fields=("district_id", "month"), name="duty_month"),
            models.Index(
                fields=("district_id",), condition=Q(written_at__isnull=True), name="duty_open"
            ),
            models.Index(
                fields=("remind_at",), condition=Q(remind_at__isnull=False), name="duty_remind"
            ),
            models.Index(fields=("district_id", "-opened_at", "id"), name="duty_district"),
        )

    def __str__(self) -> str:
        return f"duty {self.id}"


class Routing(models.Model):
    """Who of the offices is not granted a duty yet, and why. None: all are whom the rule names."""

    duty = models.OneToOneField(Duty, on_delete=models.PROTECT, related_name="routing")
    district_id = models.BigIntegerField()
    matter_id = models.UUIDField()
    #: Nobody at the school is granted it: its owner doesn't know who of staff it is about.
    past_building = models.BooleanField()
    #: Its owner has to grant it, as nobody else can: once who must not see it is settled, or since
    #: somebody who held it is kept out.
    waits = models.BooleanField()
    since = models.DateTimeField()
    #: When the center (or then its owner) is asked next. The worker's columns; NULL: nobody is.
    remind_at = models.DateTimeField(null=True)
    reminded = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(
                fields=("remind_at",), condition=Q(remind_at__isnull=False), name="routing_remind"
            ),
        )

    def __str__(self) -> str:
        return f"who sees {self.duty_id}"


class Consult(models.Model):
    """Somebody of staff asked themselves whether to report, and kept what they saw, for themselves.
    Or they took a child's words down for the center and said that they suspect abuse.

    Nobody else sees that there is one. It is no report and begins no clock: a duty that comes of it
    does. Written by a function alone, and gone after a year (retention).
    """

    #: Its folder's.
    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.BigIntegerField()
    district_id = models.BigIntegerField()
    #: The server's time.
    asked_at = models.DateTimeField(db_index=True)
    #: The duty that came of it.
    duty_id = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=("person_id", "-asked_at"), name="consult_of"),)

    def __str__(self) -> str:
        return f"consult {self.id}"


class DutyEvent(models.Model):
    """One thing that its owner did about a duty, or that somebody says was done. Never changed."""

    class Kind(models.TextChoices):
        STARTED = "started", _("suspicion noted")
        EMERGENT = "emergent", _("questions about urgency answered")
        FIRST = "first", _("first report made")
        WRITTEN = "written", _("written report sent")
        SIGNED = "signed", _("written report signed")
        ANSWER = "answer", _("the agency’s answer")
        NOTE = "note", _("note")
        CORRECTED = "corrected", _("typed time corrected")
        REDATED = "redated", _("typed time of the written report corrected")
        ASKED_WHY = "questions", _("questioning before the report: reason given")
        SAID_REPORTED = "said", _("someone else says that it was reported")
        CONFIRMED = "confirmed", _("confirmed by the duty’s owner")
        DENIED = "denied", _("not confirmed by the duty’s owner")
        COPY = "copy", _("copy sent")
        SUSPENDED = "suspended", _("employee suspended")
        INQUIRY_OVER = "inquiry", _("the agency's investigation ended")
        MET = "met", _("later duty met")
        UNFILED = "unfiled", _("allegation not in the register: no one there may read it")
        FILED = "filed", _("allegation filed in the register")
        HOMES = "homes", _("asked whether each home is safe")
        KEPT_OUT = "kept_out", _("someone was excluded")
        KNOWN = "known", _("not about anyone in the school’s office")
        PROOF = "proof", _("proof of the report added")
        WIDE = "wide", _("so many excluded that a second person decides about the tip")
        UNCOUNTED = "uncounted", _("reported in a way that does not count yet")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: `duty_event_number` begins with it.
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="events", db_index=False)
    district_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    person_id = models.BigIntegerField()
    #: When it happened, as typed; ``at`` is the server's time.
    happened_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    says_whom = models.BooleanField(default=False, db_default=False)
    says_where = models.BooleanField(default=False, db_default=False)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("duty", "number"), name="duty_event_number"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.duty_id}"


class Deadline(models.Model):
    """Something that falls due after an event of a duty, and whose it is. Its times stay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: `deadline_once` begins with it.
    duty = models.ForeignKey(
        Duty, on_delete=models.PROTECT, related_name="deadlines", db_index=False
    )
    district_id = models.BigIntegerField()
    #: The rule's name for it, and whose it is there (states/duties.py).
    key = models.CharField(max_length=20)
    owner = models.CharField(max_length=20)
    #: It tells families something: it is met by whoever says whether each home is safe.
    asks_home = models.BooleanField(default=False, db_default=False)
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    #: When it was met, as typed; the server's time and who wrote it down.
    met_at = models.DateTimeField(null=True)
    met_recorded_at = models.DateTimeField(null=True)
    met_by = models.BigIntegerField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("duty", "key"), name="deadline_once"),)
        indexes = (
            models.Index(
                fields=("remind_at",), condition=Q(remind_at__isnull=False), name="deadline_remind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} of {self.duty_id}"


class Asked(models.Model):
    """Somebody has opened a tip or case about abuse, and owes an answer: I suspect, or not, why.

    Rows come of the record (the trigger ``mandated_opened``), whichever road they took to it.
    """

    id = models.BigAutoField(primary_key=True)
    #: What they opened: a tip, or else a case of whose tips they were not asked about any.
    tip_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    matter_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField(db_index=True)
    school_id = models.BigIntegerField(null=True)
    #: Whether they read it at the center or in a school's or district's team.
    center = models.BooleanField()
    person_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded = models.PositiveIntegerField(default=0)
    #: Since when something waits (their answer, or a reader of their no), when somebody above them
    #: is told next, and which steps were taken (climb.py). No time: nothing waits.
    climb_since = models.DateTimeField(null=True)
    climb_at = models.DateTimeField(null=True)
    climbed = models.PositiveSmallIntegerField(default=0, db_default=0)
    #: When it was found that they can't answer any more: they left, were shut out or are kept out.
    gone_at = models.DateTimeField(null=True)
    #: Up to which turn the reporter had written when they were asked anew, having said no before:
    #: what they had answered then counts no more. 0: not asked anew.
    new_turn = models.PositiveIntegerField(default=0, db_default=0)
    #: Who of the district's office is asked to answer for the file instead.
    for_file = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tip_id", "person_id"), name="asked_once"),
            models.UniqueConstraint(fields=("case_id", "person_id"), name="asked_of_case_once"),
            models.CheckConstraint(
                name="asked_of_one", condition=Q(tip_id__isnull=True) ^ Q(case_id__isnull=True)
            ),
        )
        indexes = (
            models.Index(
                fields=("remind_at",), condition=Q(remind_at__isnull=False), name="asked_remind"
            ),
            models.Index(
                fields=("climb_at",), condition=Q(climb_at__isnull=False), name="asked_climb"
            ),
            models.Index(
                fields=("person_id",), condition=Q(climb_at__isnull=False), name="asked_owes"
            ),
        )

    def __str__(self) -> str:
        return f"person {self.person_id} asked about {self.tip_id or self.case_id}"


class Confirmation(Approval):
    """An administrator has compared a rule's fact with the law in force, or takes that back."""

    id = models.BigAutoField(primary_key=True)
    rule_set = models.CharField(max_length=20)
    #: Which fact: its place in the rule set's file, such as ``duties.abuse.first``.
    fact = models.CharField(max_length=80)

    class Meta:
        indexes = (models.Index(fields=("rule_set", "fact", "-id"), name="confirmation_of_fact"),)

    def __str__(self) -> str:
        return f"{self.fact} of {self.rule_set}"


class Answer(models.Model):
    """What somebody who opened an abuse tip or case said: "I suspect", or not and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    suspects = models.BooleanField()
    duty_id = models.UUIDField(null=True)
    #: Under which of the tip's seeds the reason is sealed; a case's under its folder's.
    audience = models.CharField(max_length=10)
    handoff_id = models.UUIDField()
    sealed = models.BinaryField()
    at = models.DateTimeField()
    #: Up to which turn of the tip's conversation it was read by whoever answered. NULL: a case's.
    turn = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="answer_of_one", condition=Q(tip_id__isnull=True) ^ Q(case_id__isnull=True)
            ),
        )
        indexes = (
            models.Index(fields=("tip_id", "person_id", "-at"), name="answer_of_tip"),
            models.Index(
                fields=("case_id", "person_id"),
                condition=Q(case_id__isnull=False),
                name="answer_of_case",
            ),
        )

    def __str__(self) -> str:
        return f"answer {self.id}"


class AnswerRead(models.Model):
    """A second person has read somebody's no: it counts if they agree, else it is asked again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer_id = models.UUIDField(unique=True)
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    agrees = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answer {self.answer_id} read"


class FileAnswer(models.Model):
    """An office has answered for the file where whoever opened it has gone or stays silent.

    They can't read the words, so they say only what the file proves; the silence stays shown.
    """

    class Ground(models.TextChoices):
        OWN_REPORT = "own_report", _("has begun a report of their own")
        REPORTED = "reported", _("a report on this matter is recorded as made")
        READ_BY_TWO = "read_by_two", _("someone else who opened it said no, and another read why")

    id = models.BigAutoField(primary_key=True)
    # No index of its own: `file_answer_once` begins with it. Another answers where the matter is
    # kept from whoever did; the one counts who is asked to (``Asked.for_file``).
    asked = models.ForeignKey(
        Asked, on_delete=models.PROTECT, related_name="for_the_file", db_index=False
    )
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    ground = models.CharField(max_length=12, choices=Ground.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("asked", "person_id"), name="file_answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.ground} for {self.asked_id}"


class WideExclusion(models.Model):
    """An exclusion that would have left nobody to act on a tip: it holds for its duty alone.

    For the matter it holds once a second person agrees (the center's supervisor or the district's
    compliance lead, whom it doesn't name).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    matter_id = models.UUIDField(db_index=True)
    #: Whom it keeps out, as exclusions name persons.
    person_macs = ArrayField(models.BinaryField(max_length=32))
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"exclusion of {len(self.person_macs)} for {self.duty_id}"
