"""Helping services, how to reach them and when. Public facts: nothing here is about a person.

There is deliberately no column for a street address of a service: a shelter's must never be
listed, and a field that is there gets filled.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Kind(models.TextChoices):
    """What somebody needs, in the order in which a frightened person should find it."""

    EMERGENCY = "emergency", "emergency"
    CRISIS = "crisis", "crisis and suicide"
    ABUSE_REPORT = "abuse_report", "child abuse and neglect"
    DOMESTIC_VIOLENCE = "domestic_violence", "violence at home or by a partner"
    SEXUAL_ASSAULT = "sexual_assault", "sexual harm"
    REPORTING = "reporting", "school safety report"
    INFORMATION = "information", "food, housing and other help"
    LEGAL = "legal", "legal help"


class Known(models.TextChoices):
    """A fact that may be unknown; unknown is never shown as no."""

    YES = "yes", "yes"
    NO = "no", "no"
    UNKNOWN = "unknown", "unknown"


class LineKind(models.TextChoices):
    CALL = "call", "call"
    TEXT = "text", "text"
    CHAT = "chat", "chat"
    TTY = "tty", "TTY or TDD"
    WEB = "web", "web page"


class HolidayRule(models.TextChoices):
    OPEN = "open", "open on holidays"
    CLOSED = "closed", "closed on holidays"
    UNKNOWN = "unknown", "not known for holidays"


class Service(models.Model):
    """One helping service. Without a district it is shown in every district."""

    slug = models.SlugField(unique=True)
    district = models.ForeignKey(
        "places.District",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="services",
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    position = models.PositiveSmallIntegerField(default=100)
    agency = models.CharField(max_length=120)
    #: Language → {name, description, what_happens, ages, cost, area}; see facts.TEXT_KEYS.
    texts = models.JSONField()
    #: Language codes, and "interpreter" (other languages by interpreter) and "asl".
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    #: Whether those who answer must report when a child is being hurt (CGS 17a-101).
    mandated_reporter = models.CharField(max_length=7, choices=Known.choices, default=Known.UNKNOWN)
    #: Whether police may come because of a call.
    police = models.CharField(max_length=7, choices=Known.choices, default=Known.UNKNOWN)
    source_url = models.URLField(max_length=300)
    #: False until an administrator checked every fact; shown as "not yet confirmed" until then.
    confirmed = models.BooleanField(default=False)
    checked_on = models.DateField(null=True, blank=True)
    #: The person who confirmed; none for what ships confirmed (911 and 988, set by federal law).
    checked_by = models.BigIntegerField(null=True, blank=True)
    #: False takes it off the public page without losing it.
    listed = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "slug")
        constraints = (
            models.CheckConstraint(
                name="service_confirmed_on_a_day",
                condition=models.Q(confirmed=False) | models.Q(checked_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.slug


class ContactLine(models.Model):
    """One way to reach a service: a number to call or text, a chat, a TTY, a page."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=4, choices=LineKind.choices)
    #: Digits with blanks or hyphens for a phone, an https address for chat and web.
    value = models.CharField(max_length=200)
    #: What to press after calling or which word to text.
    then = models.CharField(max_length=20, blank=True)
    #: A line for speakers of one language; empty for everybody.
    language = models.CharField(max_length=8, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class OpeningHours(models.Model):
    """When a service answers, in its own wall-clock time. No row at all means: not known.

    A day's ``closes`` that is earlier than its ``opens`` lies on the next day; midnight at the end
    of a day is 00:00 of the next.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="hours")
    always = models.BooleanField(default=False)
    #: 0 is Monday, as in datetime.date.weekday().
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    #: The first and last day on which this holds; none means without limit.
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    time_zone = models.CharField(max_length=40, default="America/New_York")
    on_holidays = models.CharField(
        max_length=7, choices=HolidayRule.choices, default=HolidayRule.UNKNOWN
    )

    class Meta:
        ordering = ("weekday", "opens", "id")
        constraints = (
            models.CheckConstraint(
                name="hours_always_or_a_day",
                condition=(
                    models.Q(
                        always=True, weekday__isnull=True, opens__isnull=True, closes__isnull=True
                    )
                    | models.Q(
                        always=False,
                        weekday__isnull=False,
                        weekday__lte=6,
                        opens__isnull=False,
                        closes__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="hours_open_at_all",
                condition=models.Q(always=True) | ~models.Q(opens=models.F("closes")),
            ),
            models.CheckConstraint(
                name="hours_end_after_beginning",
                condition=models.Q(effective_to__isnull=True)
                | models.Q(effective_from__isnull=True)
                | models.Q(effective_to__gte=models.F("effective_from")),
            ),
        )

    def __str__(self) -> str:
        return "24/7" if self.always else f"{self.weekday} {self.opens}-{self.closes}"
