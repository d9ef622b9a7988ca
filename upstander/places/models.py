"""Centers, districts, schools, the people who staff them, and what a matter hides from whom."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

# Django looks for an app's models here.
from upstander.places.editions.models import PublishedEdition  # noqa: F401
from upstander.places.importing.models import ImportProposal  # noqa: F401
from upstander.places.kept_out import Newcomer, TakenBack  # noqa: F401
from upstander.places.links import OneUseLink
from upstander.places.roles import Role, TeamKind
from upstander.vault.fields import SealedTextField


def _english() -> list[str]:
    return ["en"]


class Center(models.Model):
    """A crisis center: answers at any hour for the districts it serves."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    callback_phone = models.CharField(max_length=30, blank=True)
    time_zone = models.CharField(max_length=40, default="America/New_York")

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """A school district, served by one center."""

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="districts")
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    time_zone = models.CharField(max_length=40, default="America/New_York")
    languages = ArrayField(models.CharField(max_length=8), default=_english)
    #: Tips that name no place come here; one district at most, which an administrator names.
    catch_all = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("catch_all",), condition=models.Q(catch_all=True), name="one_catch_all"
            ),
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


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A member of staff. Never a reporter: those have no row anywhere."""

    email = models.EmailField(unique=True)
    name = SealedTextField()
    phone = SealedTextField(blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def holder(self) -> str:
        """The name under which this person's key pair stands in the vault."""
        return f"person:{self.pk}"

    # django.contrib.auth asks these of a user; roles are memberships here, so the answer is no.
    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Team(models.Model):
    """People who share one key: a center's counselors, a school's team, a district's office."""

    kind = models.CharField(max_length=16, choices=TeamKind.choices)
    name = models.CharField(max_length=120)
    center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.PROTECT)
    district = models.ForeignKey(District, null=True, blank=True, on_delete=models.PROTECT)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT)
    #: Since when somebody is out who still knows the newest key; a lead's renewal clears it.
    renew_key_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="team_belongs_to_one_place",
                condition=(
                    models.Q(
                        kind="center",
                        center__isnull=False,
                        district__isnull=True,
                        school__isnull=True,
                    )
                    | models.Q(
                        kind__in=("school", "staff"),
                        school__isnull=False,
                        district__isnull=False,
                        center__isnull=True,
                    )
                    # A school's office, or (without a school) the district's.
                    | models.Q(kind="office", district__isnull=False, center__isnull=True)
                    | models.Q(
                        kind__in=("district", "police", "monitor"),
                        district__isnull=False,
                        school__isnull=True,
                        center__isnull=True,
                    )
                    | models.Q(
                        kind="administration",
                        center__isnull=True,
                        district__isnull=True,
                        school__isnull=True,
                    )
                ),
            ),
            models.UniqueConstraint(fields=("school", "kind"), name="one_team_a_school_and_kind"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def holder(self) -> str:
        """The name under which this team's key pair stands in the vault."""
        return f"team:{self.pk}"


class Membership(models.Model):
    """A person's role in a team. All of a person's rights follow from these rows."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    reachable_at_night = models.BooleanField(default=False)
    #: When an outside monitor's view ends (UTC): the database sees to one. None: anybody else's.
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("team", "person"), name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.team_id}"


class Invitation(OneUseLink):
    """Somebody is asked to join a team. What is sent carries the team's keys, sealed.

    Proposed by an administrator's import, it has no link yet: a lead who holds the keys sends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices)
    email = models.EmailField()
    name = SealedTextField(blank=True, default="")
    phone = SealedTextField(blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    reachable_at_night = models.BooleanField(default=False)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    #: The team's seeds under link and spoken words (vault.invitations).
    wrapped = models.BinaryField(null=True)
    #: The desk's signature over all of this: who can write the database invents no invitation.
    signature = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("team", "email"),
                condition=models.Q(used_at__isnull=True),
                name="one_open_invitation",
            ),
        )

    def __str__(self) -> str:
        return f"invitation {self.id}"


class WayIn(OneUseLink):
    """Somebody who was shut out keeps a way in, to what is theirs alone to finish.

    They are in no team. What they see by it, the row policies of `upstander_former` say.
    """

    person_id = models.BigIntegerField(primary_key=True)
    since = models.DateTimeField()
    #: When it ends (UTC). None: something is still theirs to do.
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"way in of {self.person_id}"


class Matter(models.Model):
    """What one or more tips are about. Bars stand here so that every layer above obeys them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district_id = models.BigIntegerField()
    #: True once somebody must not see it: from then on grants go to persons only.
    restricted = models.BooleanField(default=False)
    #: The one that took it up when their tips were linked; that one always stands for itself.
    #: Its index holds only these: every tip writes a matter.
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )

    class Meta:
        indexes = (
            models.Index(
                fields=("merged_into",),
                condition=models.Q(merged_into__isnull=False),
                name="matter_merged",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="matter_not_into_itself"
            ),
        )

    def __str__(self) -> str:
        return f"matter {self.id}"


class MatterBar(models.Model):
    """Somebody who must not see a matter. Only a hash over their opaque code says who."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="bars")
    district_id = models.BigIntegerField()
    #: Written as the code itself; the database binds it to ``bound_to`` before it is stored.
    person_mac = models.BinaryField(max_length=32)
    #: The matter that it was set on: its own, or the one that it was taken over from.
    bound_to = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("matter", "person_mac"), name="bar_once"),)

    def __str__(self) -> str:
        return f"bar on {self.matter_id}"


class Folder(models.Model):
    """What is sealed to some people where there is no tip: a duty, a case (places/folders.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12)
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField(db_index=True)
    #: Who made it. Their own grant can't be taken from them.
    opened_by = models.BigIntegerField()
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class FolderGrant(models.Model):
    """A folder's secret, sealed to one holder. The database shows a folder by these rows."""

    folder_id = models.UUIDField()
    holder = models.CharField(max_length=80)
    key_version = models.PositiveIntegerField()
    blob = models.BinaryField()
    since = models.DateTimeField()
    #: A share with an end opens nothing after it. None: for good.
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("folder_id", "holder"), name="folder_grant_once"),
        )
        indexes = (
            models.Index(fields=("holder", "folder_id"), name="folder_of_holder"),
            models.Index(fields=("holder", "-id"), name="grant_of_holder"),
        )

    def __str__(self) -> str:
        return f"folder {self.folder_id} for {self.holder}"


class MatterHold(models.Model):
    """No questioning on a matter until a duty's first report is made (or a person says why).

    The layers below the duties obey it; whoever writes it stands above (mandated).
    """

    matter_id = models.UUIDField(db_index=True)
    #: What put it on hold, by its id: a duty, or a tip or case about abuse that somebody opened.
    by = models.UUIDField(unique=True)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    #: Who gave a reason for going on all the same (recorded with the duty).
    passed_by = ArrayField(models.BigIntegerField(), default=list)

    def __str__(self) -> str:
        return f"hold on {self.matter_id}"


class StaffSession(models.Model):
    """One unlocked sign-in. The key seed opens only with the cookie whose hash is the key."""

    token_hash = models.BinaryField(primary_key=True, max_length=32)
    person_id = models.BigIntegerField(db_index=True)
    #: A hash over `token_hash` and the person's opaque code: it proves the code, and tells nothing.
    mac_proof = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=16)
    sealed_seed = models.BinaryField(null=True)
    #: False between the password and the second factor: such a row opens nothing.
    complete = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"session of person {self.person_id}"


class SignInMemory(models.Model):
    """A code that was used or tries that were counted, for minutes: see `sign_in_memory.py`."""

    #: An HMAC: neither account nor address.
    name = models.BinaryField(primary_key=True, max_length=32)
    value = models.TextField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"until {self.expires_at}"
