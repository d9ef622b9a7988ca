"""The record, and what seals it. Entries are inserted, never changed; triggers see to both."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Entry(models.Model):
    """One read or write of something that matters, without its content.

    ``id``, ``xid``, ``at``, ``actor_nonce``, ``canonical`` and ``leaf`` are set by the database's
    insert trigger, so no writer can choose them. ``leaf`` is the RFC 6962 leaf hash of
    ``canonical``; entries commit out of id order, so sealing goes by ``xid``.
    """

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(editable=False)
    at = models.DateTimeField(editable=False)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    #: By which a duty's entry commits to who acted; the text that is proved doesn't name them.
    actor_nonce = models.UUIDField(null=True, editable=False)
    action = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40)
    district_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    canonical = models.TextField(editable=False)
    leaf = models.BinaryField(editable=False)

    class Meta:
        indexes = (
            models.Index(fields=("subject_kind", "subject_id", "id"), name="audit_subject"),
            models.Index(fields=("district_id", "-id"), name="audit_district"),
            # What is not about tips is little, and a district's lead looks for it apart.
            models.Index(
                fields=("district_id", "-id"),
                condition=~models.Q(subject_kind="tip"),
                name="audit_not_tips",
            ),
            # Whether somebody is at work in these very seconds: what a person did last.
            models.Index(
                fields=("actor_id", "-id"),
                condition=models.Q(actor_kind="staff"),
                name="audit_staff_last",
            ),
            # The order of sealing, and what waits for it.
            models.Index(fields=("xid", "id"), name="audit_sealing"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"


class RowSeal(models.Model):
    """How a row of a sealed table stood after a change (`schema/sealed_rows.py`).

    Added by the table's trigger in the transaction of the change, and sealed in the tree like an
    entry: ``id`` is of the entries' own sequence. The last one of a row must fit it.
    """

    id = models.BigIntegerField(primary_key=True)
    xid = models.BigIntegerField()
    relation = models.CharField(max_length=63)
    key = models.CharField(max_length=80)
    #: SHA-256 of the columns that count; empty: the row is gone.
    digest = models.BinaryField()
    #: The owner's own login changed it, and none of the product's processes.
    by_hand = models.BooleanField()
    #: So that whoever is given hashes alone can't try rows on them.
    blind = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=("xid", "id"), name="audit_row_sealing"),)

    def __str__(self) -> str:
        return f"{self.relation} {self.key}"


class Tile(models.Model):
    """Up to 256 neighbouring hashes of one level of the tree (c2sp.org/tlog-tiles).

    Level 0 holds the leaves, in the order in which they were sealed, and which entry each one is;
    level n + 1 holds the roots of the full tiles of level n. A tile only ever grows at its end
    (the database's trigger sees to it), so the tree as it was at any size can be read from it.
    """

    id = models.BigAutoField(primary_key=True)
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()
    entries = ArrayField(models.BigIntegerField(), default=list)
    #: The smallest and the largest of ``entries``: how an entry's tile is found.
    first = models.BigIntegerField(null=True)
    last = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("level", "number"), name="audit_tile_place"),
            models.CheckConstraint(
                condition=models.Q(level__gte=0, number__gte=0), name="audit_tile_is_in_the_tree"
            ),
        )

    def __str__(self) -> str:
        return f"tile {self.level}/{self.number}"


class Checkpoint(models.Model):
    """A signed statement: so many entries, with this root, at this time (c2sp.org/tlog-checkpoint).

    One is signed at each sealing, and one each night whether or not anything came (``day``). Who
    may not know minutes sees the nightly ones alone: sizes by the minute would tell when a child
    wrote.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    size = models.BigIntegerField()
    note = models.TextField()
    day = models.DateField(null=True, unique=True)
    #: When the nightly one was given away, to where the database's owner has no hand.
    given_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("size", "id"), name="audit_checkpoint_size"),
            models.Index(
                fields=("id",),
                condition=models.Q(day__isnull=False, given_at__isnull=True),
                name="audit_checkpoint_to_give",
            ),
        )

    def __str__(self) -> str:
        return f"{self.size} entries at {self.at:%Y-%m-%d %H:%M:%S}"


class Head(models.Model):
    """How far sealing has come: one row, which the sealing worker locks. Writers never touch it.

    Everything of lower (xid, entry) is sealed, except after a restore: transaction numbers begin
    anew then, and only entries ``above`` the restored ones count (``sealing.begin_anew``).
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    xid = models.BigIntegerField(default=0)
    entry = models.BigIntegerField(default=0)
    above = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head"),)

    def __str__(self) -> str:
        return f"{self.size} sealed"
