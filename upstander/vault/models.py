"""Sealed key material. Every column here is either public or ciphertext.

Rows name their owners by plain strings (``team:7``, ``person:12``, ``own:<hex>``) and plain ids,
because the vault is the lowest layer and knows neither teams nor tips.
"""

import uuid

from django.db import models


class HolderKey(models.Model):
    """The public half of a team's or a person's key pair, signed when it was made."""

    holder = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    public = models.BinaryField()
    signature = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("holder", "version"), name="holder_key_version"),
        )

    def __str__(self) -> str:
        return f"{self.holder} v{self.version}"


class SignedStatement(models.Model):
    """What was signed last of a subject: whom a center serves, whose a team is, who is in it.

    The rows that say the same are what the desk works with; this is what a key is granted by.
    """

    subject = models.CharField(max_length=40, primary_key=True)
    #: One more with each change: an older statement that somebody puts back is known by it.
    counter = models.PositiveIntegerField()
    text = models.TextField()
    signature = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject} #{self.counter}"


class SealedKey(models.Model):
    """One version of a team's private seed, sealed to one member's public key."""

    holder = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    member = models.CharField(max_length=80)
    member_version = models.PositiveIntegerField()
    blob = models.BinaryField()
    #: Made with the sealed key itself (people/keys.py): whoever let this member in held it.
    proof = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("holder", "version", "member"), name="sealed_key_once_a_member"
            ),
        )
        indexes = (models.Index(fields=("member",), name="sealed_key_member"),)

    def __str__(self) -> str:
        return f"{self.holder} v{self.version} for {self.member}"


class PersonKey(models.Model):
    """A person's private seed, wrapped by their password and by their recovery code."""

    person_id = models.BigIntegerField(primary_key=True)
    version = models.PositiveIntegerField(default=1)
    password_salt = models.BinaryField()
    by_password = models.BinaryField(null=True)
    recovery_salt = models.BinaryField(null=True)
    by_recovery = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"key of person {self.person_id}"


class Grant(models.Model):
    """One of a tip's secrets, sealed to one holder. The only way a seed is stored."""

    tip_id = models.UUIDField()
    district_id = models.BigIntegerField()
    audience = models.CharField(max_length=10)
    holder = models.CharField(max_length=80)
    #: Whose seed it is: the tip's own (its id), or for a case that of the hand-off that began
    #: it.
    handoff_id = models.UUIDField()
    key_version = models.PositiveIntegerField()
    blob = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tip_id", "audience", "handoff_id", "holder"), name="grant_once_a_holder"
            ),
        )

    def __str__(self) -> str:
        return f"{self.audience} of {self.tip_id} for {self.holder}"


class ShredKey(models.Model):
    """The wrapped key without which no grant of its subject opens. Destroying it forgets."""

    subject = models.UUIDField(primary_key=True, default=uuid.uuid4)
    district_id = models.BigIntegerField()
    file_version = models.PositiveIntegerField()
    #: Which file of that number, as whoever wrapped it says. Compared as the row comes in, and not
    #: kept: from then on the number is enough.
    file_mark = models.BinaryField(max_length=16, null=True)
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return f"shred key of {self.subject}"


class ShredFile(models.Model):
    """One version of the file that wraps the shred keys, as the worker has known it."""

    version = models.PositiveIntegerField(primary_key=True)
    #: Since when it wraps.
    made_at = models.DateTimeField()
    #: Tells a file from another that was put in its place, and nothing of its key.
    mark = models.BinaryField(max_length=16)
    #: When it was last seen to lie in two places; None: never.
    twice_at = models.DateTimeField(null=True)
    #: From then on the database takes in no shred key that it wrapped; the file is destroyed next.
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"shred key file {self.version}"


class Tombstone(models.Model):
    """A shred key that was destroyed: replayed after a restore, lest a backup bring it back."""

    subject = models.UUIDField(primary_key=True)
    district_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"tombstone of {self.subject}"
