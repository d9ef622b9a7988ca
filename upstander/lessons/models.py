"""Sessions with students, and how many sections of a grade there are. Students are only counted."""

from django.db import models
from django.db.models import F, Q

from upstander.vault.fields import SealedTextField


class Session(models.Model):
    """One course held with one section: planned, begun, done. No student or class is named."""

    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField()
    led_by = models.BigIntegerField()
    course = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    #: Which text it was: the course's digest.
    version = models.CharField(max_length=64)
    grade = models.PositiveSmallIntegerField()
    #: A day of the district's own time zone.
    day = models.DateField()
    #: A booster's: the session that it repeats.
    booster_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="boosters"
    )
    #: Today's adult and room for whoever needs to talk, and what those who opt out do meanwhile.
    adult = SealedTextField(max_length=120, null=True)
    room = SealedTextField(max_length=120, null=True)
    opt_out = SealedTextField(max_length=300, null=True)
    families_told_on = models.DateField(null=True)
    #: The leader knows their own duty when a student tells them something.
    knows_duty = models.BooleanField(default=False)
    captions = models.BooleanField(default=False)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    present = models.PositiveSmallIntegerField(null=True)
    made_up = models.PositiveSmallIntegerField(null=True)
    opted_out = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("school_id", "grade"), name="session_grade"),
            models.Index(fields=("led_by",), name="session_leader"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(begun_at=None)
                | Q(
                    adult__isnull=False,
                    room__isnull=False,
                    opt_out__isnull=False,
                    families_told_on__lte=F("day"),
                    families_told_on__isnull=False,
                    knows_duty=True,
                ),
                name="session_begun_with_aftercare",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, present=None, made_up=None, opted_out=None)
                | Q(
                    begun_at__isnull=False,
                    ended_at__isnull=False,
                    present__isnull=False,
                    made_up__isnull=False,
                    opted_out__isnull=False,
                ),
                name="session_counted_at_its_end",
            ),
            models.CheckConstraint(
                condition=Q(grade__gte=6, grade__lte=12), name="session_grade_taught"
            ),
        )

    def __str__(self) -> str:
        return f"session {self.pk}"
