"""The people who staff a place, their teams and roles, and how they sign in."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from upstander.people.links import OneUseLink
from upstander.people.roles import Role, TeamKind
from upstander.places.models import Center, District, School
from upstander.vault.fields import SealedTextField


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A staff member. Never a reporter: those have no row anywhere."""

    email = models.EmailField(unique=True)
    name = SealedTextField()
    #: Earlier names and addresses, and what they were invited as, a line each (known_names.py).
    known_as = SealedTextField(null=True)
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
    #: Since when it has been used without a break of ten minutes (null: as ``started_at``).
    working_since = models.DateTimeField(null=True)

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
