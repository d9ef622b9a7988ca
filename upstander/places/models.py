"""Centers, districts, and schools."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from upstander.states import the_only_state


def _english() -> list[str]:
    return ["en"]


class Center(models.Model):
    """A crisis center: answers at any hour for the districts it serves."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    callback_phone = models.CharField(max_length=30, blank=True)
    #: The interpreters' service, for calls and for whoever reads (``carriers/interpreters.py``).
    interpreter_phone = models.CharField(max_length=30, blank=True, default="", db_default="")
    time_zone = models.CharField(max_length=40, default="America/New_York")
    #: An agency of advocates: what its people write of clients is sealed to them alone.
    advocates = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """A school district, served by one center."""

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="districts")
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    time_zone = models.CharField(max_length=40, default="America/New_York")
    languages = ArrayField(models.CharField(max_length=8), default=_english)
    #: Whose law it has (``law.py``).
    state = models.CharField(max_length=15, default=the_only_state)
    #: Tips that name no place come here; one district at most, which an administrator names.
    catch_all = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("catch_all",), condition=models.Q(catch_all=True), name="one_catch_all"
            ),
            models.CheckConstraint(condition=~models.Q(state=""), name="district_in_a_state"),
        )

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school, with what a dispatcher will ask for: where it is and whose 911 center answers."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    grades = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=80, blank=True)
    time_zone = models.CharField(max_length=40, default="America/New_York")
    languages = ArrayField(models.CharField(max_length=8), default=_english)
    psap_name = models.CharField(max_length=120, blank=True)
    psap_phone = models.CharField(max_length=30, blank=True)
    emergency_contact = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class TileChange(models.Model):
    """A district's own name, order or hiding of a tile. No floor: those can't be lowered."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="tile_changes")
    tile = models.CharField(max_length=20)
    texts = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("district", "tile"), name="tile_change_once"),
        )

    def __str__(self) -> str:
        return f"{self.tile} in {self.district_id}"
