"""What is watched and what was found: signs of life, troubles, synthetic tips, drills.

Nothing here is about a tip that anybody wrote: lanes, providers, times, and who answered a test.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upstander.people.models import Team


class Beat(models.Model):
    """The latest sign of life of one lane of one process."""

    #: Random for each process: it names no machine.
    worker = models.CharField(max_length=16)
    lane = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("worker", "lane"), name="beat_once"),)

    def __str__(self) -> str:
        return f"{self.lane} of {self.worker}"


class Trouble(models.Model):
    """Something is wrong with the system: since when, and whether its contacts were told."""

    class Kind(models.TextChoices):
        LANE = "lane", _("a background job has stopped")
        QUEUE = "queue", _("work is overdue")
        PROVIDER = "provider", _("a provider does not deliver")
        PROBE = "probe", _("the automatic test tip did not come through")
        SITE = "site", _("a site is not responding")
        PAGES = "pages", _("pages of a site are failing")
        RECORD = "record", _("there is a problem with the record")
        KEYS = "keys", _("there is a problem with the shred key file")
        SIGNED = "signed", _("places, teams or keys differ from what was signed")
        #: Nothing is wrong with the system: people must know that very many wait for them.
        SURGE = "surge", _("too many life-safety tips are waiting")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Which lane, queue, provider or stage: a code.
    about = models.CharField(max_length=60)
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "about"), condition=Q(ended_at__isnull=True), name="trouble_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class ProbePlace(models.Model):
    """Where synthetic tips go: a center of their own, which serves nobody (one row)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    center_id = models.BigIntegerField()
    district_id = models.BigIntegerField()
    team_id = models.BigIntegerField()
    person_id = models.BigIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_probe_place"),)

    def __str__(self) -> str:
        return f"probe district {self.district_id}"


class Probe(models.Model):
    """One synthetic tip and how far it came. Times are milliseconds from its beginning."""

    class State(models.TextChoices):
        RUNNING = "running", _("on its way")
        WELL = "well", _("came through")
        FAILED = "failed", _("did not come through")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    began_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    tip_id = models.UUIDField(null=True)
    form_ms = models.PositiveIntegerField(null=True)
    filed_ms = models.PositiveIntegerField(null=True)
    queued_ms = models.PositiveIntegerField(null=True)
    #: When somebody was to be paged: a policy waits first for somebody to claim the tip.
    due_ms = models.PositiveIntegerField(null=True)
    paged_ms = models.PositiveIntegerField(null=True)
    acknowledged_ms = models.PositiveIntegerField(null=True)
    #: The stage that failed, and why: a code.
    failed_at = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"probe {self.id}"


class DrillRule(models.Model):
    """How often a team wants to be tested, where that is not monthly."""

    team = models.OneToOneField(Team, primary_key=True, on_delete=models.CASCADE, related_name="+")
    every_days = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"team {self.team_id} every {self.every_days} days"


class Drill(models.Model):
    """A test page of a whole team, announced as a test."""

    class State(models.TextChoices):
        BEGUN = "begun", _("starting")
        RUNNING = "running", _("running")
        ENDED = "ended", _("ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    begun_by = models.BigIntegerField()
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.BEGUN)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("team",), condition=~Q(state="ended"), name="one_drill_at_a_time"
            ),
        )
        indexes = (models.Index(fields=("team", "-begun_at"), name="drill_of_team"),)

    def __str__(self) -> str:
        return f"drill {self.id}"


class DrillCall(models.Model):
    """One test page to one person on one channel, written before it is sent."""

    class State(models.TextChoices):
        DUE = "due", _("to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not delivered")
        CANCELLED = "cancelled", _("not needed anymore")

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="calls")
    person_id = models.BigIntegerField()
    channel = models.CharField(max_length=8)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    sent_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("drill", "person_id", "channel", "due_at"), name="drill_call_once"
            ),
        )
        indexes = (
            models.Index(fields=("due_at",), condition=Q(state="due"), name="drill_call_due"),
        )

    def __str__(self) -> str:
        return f"drill call {self.pk}"


class DrillAnswer(models.Model):
    """Somebody's first answer to a drill, and by which channel it came."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="answers")
    person_id = models.BigIntegerField()
    channel = models.CharField(max_length=8)
    answer = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("drill", "person_id"), name="drill_answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.answer} to {self.drill_id}"
