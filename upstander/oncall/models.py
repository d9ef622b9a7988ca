"""Who is on call when, as people set it up: wall-clock rules, from which ``rota`` computes shifts.

Nothing here is a shift. Rules are kept in local time and turned into instants when somebody asks,
so that a change of the clocks, of a holiday or of a team's members needs no row to be rewritten.
"""

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from upstander.carriers.models import Channel
from upstander.people.models import Person, Team
from upstander.places.models import Center, District


class Duty(models.TextChoices):
    PRIMARY = "primary", _("primary")
    BACKUP = "backup", _("backup")
    #: At the place that the layer is named after; nobody calls them for it.
    SITE = "site", _("on site")


def _all_week() -> list[int]:
    return list(range(7))


class Schedule(models.Model):
    """A team's plan of who is on call. Without one, or one without a layer, all are asked."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="schedule")
    time_zone = models.CharField(max_length=40)
    #: When the worker next looks for gaps that nobody was told of.
    check_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("check_at",), name="oncall_check"),)

    def __str__(self) -> str:
        return f"schedule of team {self.team_id}"


class Layer(models.Model):
    """One rule of a schedule: these people, in turn. Where several hold, the lowest rank wins."""

    class Turn(models.TextChoices):
        DAY = "day", _("day")
        WEEK = "week", _("week")
        #: No turns: shifts with dates of their own, as they come from a calendar.
        DATES = "dates", _("dates")

    class Days(models.TextChoices):
        EVERY = "every", _("every day")
        SCHOOL = "school", _("school days")
        OFF = "off", _("weekends, holidays and breaks")

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="layers")
    duty = models.CharField(max_length=8, choices=Duty.choices, default=Duty.PRIMARY)
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(default=1)
    turn = models.CharField(max_length=5, choices=Turn.choices, default=Turn.WEEK)
    #: The next take over every so many days or weeks, at ``hand_over`` local time.
    every = models.PositiveSmallIntegerField(default=1)
    hand_over = models.TimeField()
    #: The local day of the first hand-over; a weekly turn changes on this day's weekday.
    starts_on = models.DateField()
    #: The last local day, if there is one: the layer ends with it.
    ends_on = models.DateField(null=True, blank=True)
    at_once = models.PositiveSmallIntegerField(default=1)
    days = models.CharField(max_length=6, choices=Days.choices, default=Days.EVERY)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=_all_week)
    #: Within each of those days only from … to (local; past midnight where ``to`` is not later).
    from_time = models.TimeField(null=True, blank=True)
    to_time = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="layer_hours_whole",
                condition=Q(from_time__isnull=True, to_time__isnull=True)
                | Q(from_time__isnull=False, to_time__isnull=False),
            ),
            models.CheckConstraint(
                name="layer_turns", condition=Q(every__gte=1, every__lte=52, at_once__gte=1)
            ),
        )
        ordering = ("rank", "pk")

    def __str__(self) -> str:
        return f"layer {self.pk} of schedule {self.schedule_id}"


class LayerMember(models.Model):
    """Somebody's place in a layer's order; ``place`` 0 begins."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("layer", "person"), name="layer_member_once"),
        )
        ordering = ("place", "pk")

    def __str__(self) -> str:
        return f"{self.person_id} in layer {self.layer_id}"


class DatedShift(models.Model):
    """A shift of a layer that came from a calendar."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="shifts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="dated_shift_forward", condition=Q(ends_at__gt=F("starts_at"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in layer {self.layer_id}"


class Swap(models.Model):
    """Somebody asks to be relieved. It changes nothing until the one who was asked says yes."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="swaps")
    duty = models.CharField(max_length=8, choices=Duty.choices, default=Duty.PRIMARY)
    asker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    taker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    gives_from = models.DateTimeField()
    gives_to = models.DateTimeField()
    #: What the asker does for the taker in return, if anything.
    takes_from = models.DateTimeField(null=True)
    takes_to = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="swap_forward", condition=Q(gives_to__gt=F("gives_from"))),
            models.CheckConstraint(name="swap_of_two", condition=~Q(asker=F("taker"))),
        )

    def __str__(self) -> str:
        return f"swap {self.id}"


class Override(models.Model):
    """For a time somebody is on call whom the layers don't name, or off whom they do, or both."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="overrides")
    duty = models.CharField(max_length=8, choices=Duty.choices, default=Duty.PRIMARY)
    on_person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    off_person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    #: The swap that it fulfils, if it does.
    swap = models.ForeignKey(Swap, null=True, on_delete=models.CASCADE, related_name="overrides")
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="override_forward", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="override_of_somebody",
                condition=Q(on_person__isnull=False) | Q(off_person__isnull=False),
            ),
        )
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return f"override {self.pk} of schedule {self.schedule_id}"


class Calendar(models.Model):
    """Which days are none of school: a district's calendar, or a center's."""

    district = models.OneToOneField(
        District, null=True, on_delete=models.CASCADE, related_name="calendar"
    )
    center = models.OneToOneField(
        Center, null=True, on_delete=models.CASCADE, related_name="calendar"
    )
    #: Whose public holidays count: a State's (``US-…``), ``US`` (federal), or nothing.
    region = models.CharField(max_length=8, blank=True, default="US")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="calendar_of_one_place",
                condition=Q(district__isnull=True, center__isnull=False)
                | Q(district__isnull=False, center__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"calendar {self.pk}"


class DayOff(models.Model):
    """Local days without school, or (``in_session``) a holiday on which there is school."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days_off")
    first = models.DateField()
    last = models.DateField()
    label = models.CharField(max_length=60)
    in_session = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(name="day_off_forward", condition=Q(last__gte=F("first"))),
        )
        ordering = ("first", "pk")

    def __str__(self) -> str:
        return f"{self.label} in calendar {self.calendar_id}"


class QuietHours(models.Model):
    """From … to (local) a district's people are told of what is urgent or routine; not at night."""

    district = models.OneToOneField(District, on_delete=models.CASCADE, related_name="quiet_hours")
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="hours_forward", condition=Q(closes__gt=F("opens"))),
        )

    def __str__(self) -> str:
        return f"hours of district {self.district_id}"


class OwnRule(models.Model):
    """By which channel, and after how long, somebody wants to be told of a priority."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="own_rules")
    priority = models.CharField(max_length=12)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    after_seconds = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "priority", "channel"), name="own_rule_once"),
        )

    def __str__(self) -> str:
        return f"{self.channel} for person {self.person_id}"


class Floor(models.Model):
    """What a center sets for life safety: this channel, no later. Nobody can turn it off."""

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="floors")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    after_seconds = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("center", "channel"), name="floor_once"),)

    def __str__(self) -> str:
        return f"{self.channel} at center {self.center_id}"


class Feed(models.Model):
    """A person's secret calendar link. Only the hash of its secret part is here."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar link of person {self.person_id}"


class GapNotice(models.Model):
    """That a team's lead was told of a gap, so many hours ahead (0: it had begun)."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="notices")
    ahead_hours = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("schedule", "ahead_hours", "starts_at"), name="gap_told_once"
            ),
        )

    def __str__(self) -> str:
        return f"gap of schedule {self.schedule_id}"


class Rest(models.Model):
    """A break that somebody takes without asking: nothing new is offered to them meanwhile."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="rest_is_short",
                condition=Q(until__gt=F("since"), until__lte=F("since") + timedelta(hours=1)),
            ),
        )

    def __str__(self) -> str:
        return f"break of person {self.person_id}"
