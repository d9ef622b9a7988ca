"""A callout of mobile crisis, each step of it, and the sites that go out."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Site(models.Model):
    """A center's team that goes out to children in crisis, and the towns that it goes to first."""

    team_id = models.BigIntegerField(primary_key=True)
    #: The district of the team's own center, in which its alerts run.
    district_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    towns = ArrayField(models.CharField(max_length=60), default=list)
    #: Teams that are asked after this one, in this order.
    neighbors = ArrayField(models.BigIntegerField(), default=list)
    #: A bad day on the roads, as the desk says: how many times as long a way takes, why (a code of
    #: ``words``), and until when (UTC).
    slow = models.FloatField(default=1.0, db_default=1.0)
    slow_code = models.CharField(max_length=12, blank=True, default="", db_default="")
    slow_until = models.DateTimeField(null=True)
    #: Who keeps the center's desk, and is offered nothing; until when (UTC).
    desk_by = models.BigIntegerField(null=True)
    desk_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(slow=1.0, slow_code="", slow_until__isnull=True)
                | Q(slow__gt=1.0, slow__lte=4.0, slow_until__isnull=False) & ~Q(slow_code=""),
                name="site_slow_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(desk_by__isnull=True, desk_until__isnull=True)
                | Q(desk_by__isnull=False, desk_until__isnull=False),
                name="site_desk_is_kept_until",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Callout(models.Model):
    """A child in crisis to whom somebody trained goes. A sealed folder; its id is the folder's.

    But for what is sealed, a trigger on its steps alone writes it (``callouts_step``).
    """

    class Way(models.TextChoices):
        CALL = "call", _("a call")
        TIP = "tip", _("a tip")
        CASE = "case", _("a school's case")
        WEB = "web", _("the family, on the website")

    class State(models.TextChoices):
        #: Before its first step, and never afterwards.
        NEW = "new", _("new")
        ASKED = "asked", _("waits for triage")
        PHONE = "phone", _("helped by phone")
        PLANNED = "planned", _("planned for later, as the family chose")
        WAITING = "waiting", _("somebody is being asked to go")
        ACCEPTED = "accepted", _("somebody goes")
        WAY = "way", _("on the way")
        ARRIVED = "arrived", _("with the child")
        ENDED = "ended", _("ended")

    id = models.UUIDField(primary_key=True, editable=False)
    district_id = models.BigIntegerField()
    matter_id = models.UUIDField()
    site_id = models.BigIntegerField()
    way = models.CharField(max_length=4, choices=Way.choices)
    #: The tip or case that it was asked from, and the team that asked; None: the family did.
    subject_id = models.UUIDField(null=True)
    asked_team = models.BigIntegerField(null=True)
    asked_by = models.BigIntegerField(null=True)
    language = models.CharField(max_length=8, default="en")
    #: A life is in danger now: 911 first, and somebody goes all the same.
    danger = models.BooleanField(default=False)
    #: On the website, from a place that had sent a few in this hour, and no life in danger. Until
    #: it is triaged it stands after those that came alone, and rings once with its like.
    crowded = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    #: Who has it: goes, is there, or helps by phone.
    held_by = models.BigIntegerField(null=True)
    #: What the worker must yet ring the desk for: the name of a step.
    ring = models.CharField(max_length=6, blank=True, default="", db_default="")
    #: The alert by which people are asked to go.
    alert_id = models.UUIDField(null=True)
    #: The family's number and link, sealed for the worker until it has texted them, or it ends.
    to_tell = models.BinaryField(null=True)
    #: What falls due next (UTC): to ask for a planned visit, a safe check, a follow-up.
    due_at = models.DateTimeField(null=True)
    #: Since when (UTC) who has it needs help silently, and nobody has seen to it.
    panic_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    go_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    eta_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True, default="", db_default="")
    link_hash = models.BinaryField(max_length=32, null=True, unique=True)
    #: Who, where, what is said; apart from it what makes a visit dangerous, until it ends.
    sealed = models.BinaryField()
    safety = models.BinaryField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("due_at",), condition=Q(due_at__isnull=False), name="callout_due"),
            models.Index(fields=("state",), condition=~Q(state="ended"), name="callout_open"),
            models.Index(fields=("subject_id",), name="callout_subject"),
            # Asked before anything is sent to anybody.
            models.Index(
                fields=("held_by",), condition=Q(panic_at__isnull=False), name="callout_panic"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("held_by",),
                condition=Q(state__in=("accepted", "way", "arrived")),
                name="callout_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("phone", "accepted", "way", "arrived"))
                | Q(held_by__isnull=False),
                name="callout_has_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(panic_at__isnull=True)
                | Q(held_by__isnull=False, state__in=("accepted", "way", "arrived")),
                name="callout_panic_is_seen_to",
            ),
            models.CheckConstraint(
                condition=~Q(state="planned") | Q(due_at__isnull=False),
                name="callout_planned_is_due",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended")
                | (
                    Q(safety__isnull=True, link_hash__isnull=True, to_tell__isnull=True)
                    & ~Q(outcome="")
                ),
                name="callout_ended_forgets_danger",
            ),
            models.CheckConstraint(
                condition=Q(
                    way="web",
                    asked_team__isnull=True,
                    asked_by__isnull=True,
                    subject_id__isnull=True,
                )
                | (~Q(way="web") & Q(asked_team__isnull=False, asked_by__isnull=False)),
                name="callout_asked_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"callout {self.id}"

    @property
    def in_crowd(self) -> bool:
        """Whether it stands and rings with others of a crowd: nobody has triaged it."""
        return self.crowded and not self.danger and self.state == self.State.ASKED

    @property
    def apart(self) -> bool:
        """Whether the family chose a later time and nobody decided to go sooner: no clock runs."""
        return self.planned_at is not None and self.go_at is None

    @property
    def begun_at(self) -> datetime:
        """From when on somebody should be there: the decision, else the call, or the plan."""
        return self.go_at or self.planned_at or self.asked_at

    @property
    def reference(self) -> str:
        """What pages and the board call it."""
        return f"M-{self.id.hex[:6].upper()}"


class Event(models.Model):
    """One step of a callout, at the database's time. Nobody may change or remove one."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("Mobile crisis was asked for")
        PHONE = "phone", _("Triaged: help by phone")
        PLANNED = "planned", _("Triaged: a visit later, as the family chose")
        GO = "go", _("Triaged: somebody goes now")
        OFFERED = "offered", _("Offered")
        #: Nobody of those asked could: the desk has it, and phones.
        DESK = "desk", _("The desk phones for somebody")
        ACCEPTED = "accepted", _("Accepted")
        RELEASED = "released", _("Given back")
        WAY = "way", _("On the way")
        ARRIVED = "arrived", _("Arrived")
        SAFE = "safe", _("Said that all is well")
        MISSED = "missed", _("A safe check was missed")
        #: Not triaged within two minutes, or still helped by phone alone after fifteen.
        SILENT = "silent", _("Nobody was found in time: the desk is rung louder")
        WORSE = "worse", _("The family says that it got worse")
        #: A silent alarm of who goes or is there; whoever looks over their shoulder reads this.
        PANIC = "panic", _("Asked for the desk, silently")
        #: On the way still, when they should have been there.
        OVERDUE = "overdue", _("Past the ETA")
        CALLED_911 = "911", _("911 was called")
        SEEN_TO = "seen_to", _("Handled by the desk")
        ENDED = "ended", _("Ended")
        VISIT = "visit", _("A follow-up visit was agreed")
        FOLLOWED = "followed", _("Followed up")

    id = models.BigAutoField(primary_key=True)
    callout = models.ForeignKey(Callout, on_delete=models.CASCADE, related_name="events")
    district_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    #: Who wrote it; None: the family, or the worker upon somebody's answer.
    person_id = models.BigIntegerField(null=True)
    #: To whom it was offered, who accepted, who helps by phone.
    to_id = models.BigIntegerField(null=True)
    #: When they will be there, or the visit is (UTC).
    until = models.DateTimeField(null=True)
    #: Why, or how it ended: a code of ``words``.
    code = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind__in=("planned", "way", "visit")) | Q(until__gt=models.F("at")),
                name="event_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("go", "released", "ended", "seen_to")) | ~Q(code=""),
                name="event_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("phone", "offered", "desk", "accepted"))
                | Q(to_id__isnull=False),
                name="event_names_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.callout_id}"
