"""Employees of a district, what training each owes until when, what was done, who signed for it.

Days are days of the district's own time zone. Only the worker writes dues (``renewing.py``).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from upstander.people.links import OneUseLink
from upstander.training.courses.models import CourseReview
from upstander.vault.fields import SealedTextField

__all__ = [
    "Certification",
    "Completion",
    "CourseReview",
    "Due",
    "Employee",
    "Finding",
]


class Employee(models.Model):
    """Somebody whom a district employs, with an account or without: a driver, a substitute.

    One row for each time they were hired: whoever comes back owes everything anew.
    """

    district_id = models.BigIntegerField()
    #: None: of the district's own staff, or of several schools.
    school_id = models.BigIntegerField(null=True)
    #: What the personnel file calls the job, in lower case; rules go by it.
    job = models.CharField(max_length=60)
    hired_on = models.DateField()
    left_on = models.DateField(null=True)
    #: On leave from the one day, and until the other where it is known; both days are leave.
    away_from = models.DateField(null=True)
    away_until = models.DateField(null=True)
    #: Their account, which the worker finds by the address.
    person_id = models.BigIntegerField(null=True)
    #: The staff number under a key (``actions/employees.py``): a file finds the same one again.
    number_mark = models.BinaryField(max_length=32)
    name = SealedTextField(max_length=120)
    email = SealedTextField(max_length=254, default="")
    #: On which day the worker last saw to what they owe; None: something has changed since.
    renewed_on = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("renewed_on", "id"), name="employee_renewed"),
            models.Index(fields=("district_id", "school_id"), name="employee_place"),
            models.Index(fields=("person_id",), name="employee_person"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("district_id", "number_mark", "hired_on"), name="employee_hired_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                name="employee_left_after_hired",
            ),
            models.CheckConstraint(
                condition=Q(away_until__isnull=True) | Q(away_until__gte=F("away_from")),
                name="employee_away_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"employee {self.pk}"


class Completion(models.Model):
    """One course that somebody completed. Never changed: both the stated day and ours stand."""

    class Way(models.TextChoices):
        HERE = "here", _("here, signed in")
        LINK = "link", _("here, by a link")
        SHEET = "sheet", _("on paper, with two signatures")
        SESSION = "session", _("in a session")
        CERTIFICATE = "certificate", _("elsewhere, by certificate")
        IMPORT = "import", _("elsewhere, by a file")

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="completions")
    course = models.CharField(max_length=40)
    #: Which version of the course it was, as the course names it; "" for one held elsewhere.
    version = models.CharField(max_length=64, blank=True, default="")
    #: The day that is stated, and when it was written down (UTC).
    completed_on = models.DateField()
    recorded_at = models.DateTimeField()
    way = models.CharField(max_length=12, choices=Way.choices)
    #: Who wrote it down; None: whoever held the link.
    recorded_by = models.BigIntegerField(null=True)
    #: What proves it: a certificate's number, who signed the sheet.
    proof = SealedTextField(max_length=500, null=True)

    class Meta:
        indexes = (models.Index(fields=("employee", "course"), name="completion_course"),)

    def __str__(self) -> str:
        return f"completion {self.pk}"


class Due(OneUseLink):
    """One course that an employee owes; met by one completion, or ended as they left."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="dues")
    #: The rule of the State's file (``states/training.py``) that asks for it.
    rule = models.CharField(max_length=40)
    course = models.CharField(max_length=40)
    #: What was completed before this day does not meet it.
    since = models.DateField()
    #: The last day on which it is in time; None: excused for now, by a leave whose end is unknown.
    due_on = models.DateField(null=True)
    met_by = models.ForeignKey(Completion, null=True, on_delete=models.PROTECT, related_name="met")
    ended_on = models.DateField(null=True)
    #: On which day somebody is told of it next; None: nobody any more.
    remind_on = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("remind_on",), condition=Q(remind_on__isnull=False), name="due_reminded"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("employee", "rule"),
                condition=Q(met_by__isnull=True, ended_on__isnull=True),
                name="due_open_once",
            ),
            models.CheckConstraint(
                condition=Q(remind_on__isnull=True)
                | Q(met_by__isnull=True, ended_on__isnull=True, due_on__isnull=False),
                name="due_reminded_while_open",
            ),
        )

    def __str__(self) -> str:
        return f"due {self.pk}"


class Certification(models.Model):
    """What the head of a school signed for a year, or the superintendent for what heads signed.

    Never changed. The last one of a school and year stands, unless a finding outdates it.
    """

    district_id = models.BigIntegerField()
    #: None: the superintendent's, for the whole district.
    school_id = models.BigIntegerField(null=True)
    #: The year in which the school year ends.
    year = models.PositiveSmallIntegerField()
    employees = models.PositiveIntegerField()
    #: Everybody who was late on the day of the signature: the database compares (omission fails).
    late_ids = ArrayField(models.BigIntegerField(), default=list)
    #: The superintendent's: each school's certification that stood then.
    schools = ArrayField(models.BigIntegerField(), default=list)
    #: SHA-256 of the list, which says each one's name, job, course and day.
    list_digest = models.BinaryField(max_length=32)
    list = SealedTextField()
    statement = SealedTextField(max_length=2000, default="")
    signed_by = models.BigIntegerField()
    signed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("district_id", "year"), name="certification_year"),)

    def __str__(self) -> str:
        return f"certification {self.pk}"


class Finding(models.Model):
    """Why a certification stands no more: something was found later. It is not edited."""

    certification = models.ForeignKey(
        Certification, on_delete=models.PROTECT, related_name="findings"
    )
    words = SealedTextField(max_length=2000)
    found_by = models.BigIntegerField()
    found_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"finding {self.pk}"
