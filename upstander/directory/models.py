"""The directory by the field's standard (HSDS 3.1). Public facts: nothing here is about a person.

Each row keeps its HSDS object whole (``record``) beside what is asked for in SQL. What has a table
of its own stands in no other row's record, so that every rule about it has one place.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from upstander.directory.sources import Source
from upstander.states import the_only_state


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
    #: On no safety page: it is found by whoever searches, by what it is for (``terms``).
    SEARCH = "search", "found by searching"


#: Whoever flees from somebody must not be found by this list.
OF_VIOLENCE = (Kind.DOMESTIC_VIOLENCE, Kind.SEXUAL_ASSAULT)


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


def says(sql: str) -> RawSQL:
    """Return a condition that Django has no words for."""
    return RawSQL(sql, (), output_field=models.BooleanField())  # noqa: S611 - our own words


def owner() -> "models.ForeignKey[Source | None]":
    """Return the column of which source a row is; none: it was made here."""
    return models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT)


def its_own(name: str) -> models.CheckConstraint:
    """Return the rule that a record bears its row's id."""
    return models.CheckConstraint(
        name=f"{name}_record_is_its_own", condition=says("record ->> 'id' = id::text")
    )


def without(name: str, *keys: str) -> models.CheckConstraint:
    """Return the rule that a record holds none of what has a table of its own."""
    return models.CheckConstraint(
        name=name, condition=says(f"record - '{{{','.join(keys)}}}'::text[] = record")
    )


class Shown(models.Model):
    """Something whose words are shown; those of what is confidential once somebody has read them.

    Confidential: where it is must never be known. A service's terms say so, or a keeper; who runs
    it is confidential with it. Triggers hold that no place of it can be shown.
    """

    record = models.JSONField()
    confidential = models.BooleanField(default=False)
    #: The digest of the record whose every word a keeper has read. Another record is unread.
    read_mark = models.CharField(max_length=32, blank=True, default="")
    #: The digest of the words that look as if whoever flees found help here, of which a person said
    #: that they do not. Other words are judged anew.
    cleared = models.CharField(max_length=32, blank=True, default="")
    #: Confidential, with words that nobody has read: shown and exported nowhere (a trigger's).
    withheld = models.BooleanField(default=True, editable=False)

    class Meta:
        abstract = True


class Organization(Shown):
    """Who runs services. Its record is the HSDS organization, with its programs in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    source = owner()

    class Meta:
        constraints = (
            its_own("organization"),
            without("organization_without_locations", "locations"),
        )

    def __str__(self) -> str:
        return self.name


class Service(Shown):
    """One helping service. Without a district it is shown in every district of its State.

    Its record is the HSDS service with all that lies within it; not who runs it, nor where.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    state = models.CharField(max_length=15, default=the_only_state)
    district = models.ForeignKey(
        "places.District",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="services",
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="services"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    position = models.PositiveSmallIntegerField(default=100)
    #: False until a keeper checked every fact; shown as "not yet confirmed" until then.
    confirmed = models.BooleanField(default=False)
    #: The day on which that was (HSDS: assured_date).
    assured_on = models.DateField(null=True, blank=True)
    #: The person who confirmed or doubted it, or changed it; none for what ships confirmed (911
    #: and 988, set by federal law).
    assured_by = models.BigIntegerField(null=True, blank=True)
    #: The person who keeps it, whom its next check falls to.
    keeper = models.BigIntegerField(null=True, blank=True)
    #: When its keeper is told (again) that it is due to be checked.
    recheck_at = models.DateTimeField(null=True, blank=True)
    #: False takes it off the public page without losing it.
    listed = models.BooleanField(default=True)
    #: What it is for, by taxonomy. One term of violence makes it confidential (a trigger).
    terms = ArrayField(models.UUIDField(), default=list, blank=True)
    source = owner()
    #: The digest of what its source says of it, which a keeper turned down; "gone": nothing more.
    turned_down = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        ordering = ("position", "slug")
        indexes = (
            models.Index(
                fields=("recheck_at",),
                condition=models.Q(recheck_at__isnull=False),
                name="service_recheck",
            ),
        )
        constraints = (
            its_own("service"),
            without("service_stands_alone", "organization", "program", "service_at_locations"),
            models.CheckConstraint(
                name="service_confirmed_on_a_day",
                condition=models.Q(confirmed=False) | models.Q(assured_on__isnull=False),
            ),
            models.CheckConstraint(
                name="service_of_violence_confidential",
                condition=models.Q(confidential=True)
                | ~(models.Q(kind=OF_VIOLENCE[0]) | models.Q(kind=OF_VIOLENCE[1])),
            ),
        )

    def __str__(self) -> str:
        return self.slug

    @property
    def is_unread(self) -> bool:
        """Whether words of it, or of who runs it, wait for somebody to read them."""
        return self.withheld or self.organization.withheld


class LineFailure(models.Model):
    """How many people said on a day that a number or page of a service did not work.

    Nothing of who they are, nor of the hour; from so many on (``api.line_failed``) it counts no
    further, so that nobody can make more of it than that somebody should look.
    """

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="failures")
    #: The phone's or address's id in the service's record.
    line = models.UUIDField()
    #: In UTC.
    day = models.DateField()
    count = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("service", "line", "day"), name="failure_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.line} on {self.day}: {self.count}"


class Location(models.Model):
    """Where services are given, or from where. A confidential one has no place for an address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.CASCADE, related_name="locations"
    )
    #: The HSDS location with its addresses, phones, schedules and accessibility.
    record = models.JSONField()
    confidential = models.BooleanField(default=False)
    #: Degrees (WGS 84), as the record has them.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    source = owner()

    class Meta:
        constraints = (
            its_own("location"),
            models.CheckConstraint(
                name="location_confidential_is_nowhere",
                condition=models.Q(confidential=False)
                | models.Q(latitude__isnull=True, longitude__isnull=True)
                & models.Q(says("record - 'id' = '{\"location_type\": \"virtual\"}'")),
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class ServiceAtLocation(models.Model):
    """A service at one of its locations, with what differs there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="services")
    #: The HSDS service_at_location; without the location.
    record = models.JSONField()

    class Meta:
        constraints = (
            its_own("service_at_location"),
            without("service_at_location_alone", "location"),
        )

    def __str__(self) -> str:
        return str(self.id)


class Taxonomy(models.Model):
    """A list of terms by which services are told apart."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    record = models.JSONField()
    source = owner()

    class Meta:
        constraints = (its_own("taxonomy"),)

    def __str__(self) -> str:
        return self.name


class TaxonomyTerm(models.Model):
    """One term of a taxonomy, perhaps beneath another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.CASCADE, related_name="terms")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="narrower")
    code = models.CharField(max_length=80)
    #: A service with it is confidential: violence, shelter, trafficking.
    confidential = models.BooleanField(default=False)
    #: The HSDS taxonomy_term; without the taxonomy.
    record = models.JSONField()

    class Meta:
        constraints = (
            its_own("taxonomy_term"),
            without("taxonomy_term_alone", "taxonomy_detail"),
            models.UniqueConstraint(fields=("taxonomy", "code"), name="term_code_once"),
        )

    def __str__(self) -> str:
        return self.code


class Entry(models.Model):
    """A service as it is searched for, once for each of its places; written by triggers alone.

    Only what a public page may show stands here. What is confidential has no place.
    """

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="entries")
    location = models.ForeignKey(
        Location, null=True, on_delete=models.CASCADE, related_name="entries"
    )
    state = models.CharField(max_length=15)
    district = models.ForeignKey("places.District", null=True, on_delete=models.CASCADE)
    position = models.PositiveSmallIntegerField()
    #: Where it is on a map by Mercator, in degrees: what is near there is near on the ground.
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    #: ``need:food``, ``lang:es``, ``interpreter``, ``tty``, ``free``, ``paid``; what it is for,
    #: and for more broadly, by ids: ``term:…``, ``taxonomy:…``.
    facets = ArrayField(models.TextField())
    #: None: not known.
    min_age = models.FloatField(null=True)
    max_age = models.FloatField(null=True)
    #: Its words by PostgreSQL's own search, in each language.
    words = SearchVectorField()
    #: The words of its names, whole and with one letter left out: what is misspelt meets there.
    near = ArrayField(models.TextField())
    #: Since when it has been told as it stands.
    entered_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            models.Index(fields=("entered_at",), name="entry_entered"),
            GistIndex(
                Func(F("east"), F("north"), function="point"),
                name="entry_place",
                condition=models.Q(east__isnull=False),
            ),
            GinIndex(fields=("facets",), name="entry_facets"),
            GinIndex(fields=("words",), name="entry_words"),
            GinIndex(fields=("near",), name="entry_near"),
            models.Index(
                fields=("position", "id"),
                condition=models.Q(east__isnull=True),
                name="entry_without_place",
            ),
            # Few are nowhere, and what is looked for among them may be rarer still.
            GinIndex(
                fields=("facets", "words", "near"),
                condition=models.Q(east__isnull=True),
                name="entry_nowhere",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service_id} at {self.location_id}"


class Town(models.Model):
    """Where a town or a ZIP code lies, so that "near" can be said; nobody's own place is kept."""

    #: As it is compared: without capitals, accents and dots.
    name = models.CharField(max_length=80, primary_key=True)
    #: Degrees (WGS 84).
    latitude = models.FloatField()
    longitude = models.FloatField()
    #: Its words, whole and with one letter left out, as of Entry; a ZIP code has none.
    near = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = (GinIndex(fields=("near",), name="town_near"),)
        constraints = (
            models.CheckConstraint(
                name="town_on_earth",
                condition=models.Q(latitude__range=(-85, 85), longitude__range=(-180, 180)),
            ),
        )

    def __str__(self) -> str:
        return self.name
