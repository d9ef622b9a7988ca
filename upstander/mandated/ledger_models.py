"""What the ledger keeps of months that are over: how often they changed, and readers' figures."""

from django.db import models


class MonthChange(models.Model):
    """How often anything changed that the figures of a month's finished duties depend on."""

    id = models.BigAutoField(primary_key=True)
    district_id = models.BigIntegerField()
    month = models.DateField()
    changes = models.BigIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("district_id", "month"), name="month_change_once"),
        )

    def __str__(self) -> str:
        return f"{self.changes} changes of {self.month:%Y-%m}"


class Tally(models.Model):
    """One reader's figures of one month's finished duties, as of so many changes (ledger.py).

    Kept so that a page of a million duties adds up months; made anew when the month has changed. It
    counts what was granted to this reader and is not kept from them: nobody else's.
    """

    id = models.BigAutoField(primary_key=True)
    person_id = models.BigIntegerField()
    district_id = models.BigIntegerField()
    month = models.DateField()
    changes = models.BigIntegerField()
    cells = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person_id", "district_id", "month"), name="tally_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} for person {self.person_id}"
