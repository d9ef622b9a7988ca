"""How long reporters usually wait; conversations by text, and what goes out to them.

No number stands here in clear: docs/adr/0180-a-door-for-texts.md.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Django looks for an app's models here.
from upstander.doors.call_models import Call, CallBack, Leg, PastCall  # noqa: F401


class UsualWait(models.Model):
    """How long a center's reporters usually wait at this hour, for them to read: made each minute.

    The median of 30 days' tips of this hour of the center's day, until a counselor opened them.
    """

    center_id = models.BigIntegerField(primary_key=True)
    #: Whole minutes, rounded up. None: too few tips, nobody on shift, or too many not read at all.
    minutes = models.PositiveIntegerField(null=True)
    #: From how many tips it is reckoned.
    tips = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"usual wait at center {self.center_id}"


class Season(models.Model):
    """A month's random part of the key under which a phone's conversation is found again.

    It is destroyed after two months: then no key tells whether some number ever wrote, but to who
    kept an archive of that time and the folder of the keys.
    """

    salt = models.BinaryField()
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"season {self.id}"


class Thread(models.Model):
    """One phone's texts, as one conversation of one tip. Gone 30 days after the last of them.

    Numbers may be given to others after 45 days (84 FR 11226): whoever has it then finds nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    season = models.ForeignKey(Season, on_delete=models.DB_CASCADE, db_index=False)
    #: HMAC of the number under the season's key; says nothing without it.
    pseudonym = models.BinaryField(max_length=32)
    #: Our own line that was written to, as it stands in the providers' file.
    line = models.CharField(max_length=20)
    #: The number, sealed to the dialog's inbox: staff who open the tip send by it, and see it not.
    number = models.BinaryField()
    #: The id of the first text's message: a provider that says it twice is heard once.
    first = models.UUIDField()
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()
    #: When they sent STOP: the phone company lets nothing of ours through until START.
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("pseudonym", "line"), name="thread_of_a_number"),
        )
        indexes = (
            models.Index(fields=("last_at",), name="thread_last"),
            models.Index(fields=("season",), name="thread_season"),
            models.Index(fields=("line", "begun_at"), name="thread_line"),
        )

    def __str__(self) -> str:
        return f"thread {self.id}"


class TextOrder(models.Model):
    """One text that goes to a reporter's phone: sealed for the worker until it has gone."""

    class State(models.TextChoices):
        DUE = "due", _("not sent yet")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("not delivered")
        STOPPED = "stopped", _("not delivered: they sent STOP")

    #: In the order in which they were written.
    id = models.BigAutoField(primary_key=True)
    #: How providers name it to us.
    key = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    thread = models.ForeignKey(Thread, on_delete=models.DB_CASCADE, related_name="orders")
    tip_id = models.UUIDField()
    district_id = models.BigIntegerField()
    #: The turn that it carries; None: words that are no turn, such as the way to the website.
    message_id = models.UUIDField(null=True)
    part = models.PositiveSmallIntegerField(default=1)
    parts = models.PositiveSmallIntegerField(default=1)
    #: Number and words, for the worker's key; gone once it is sent or given up.
    sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DUE)
    provider = models.CharField(max_length=30, default="")
    ref = models.CharField(max_length=100, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("due_at",), condition=Q(due_at__isnull=False), name="order_due"),
            models.Index(fields=("tip_id",), name="order_tip"),
        )

    def __str__(self) -> str:
        return f"text {self.key}"


class Picture(models.Model):
    """A picture that came with a text and lies at the provider until the worker has fetched it."""

    id = models.UUIDField(primary_key=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.DB_CASCADE, related_name="pictures")
    tip_id = models.UUIDField()
    provider = models.CharField(max_length=30)
    #: Its address there, for the worker's key.
    sealed = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"picture {self.id}"


class ProviderCopy(models.Model):
    """What a provider still keeps of a text. The worker asks it to delete that, until it has."""

    provider = models.CharField(max_length=30)
    #: What to delete, as a path below the account: a message, or a picture of one. Of a call it is
    #: a name of our own, and its path is sealed for the worker.
    ref = models.CharField(max_length=120)
    sealed = models.BinaryField(null=True)
    since = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("provider", "ref"), name="copy_once"),)

    def __str__(self) -> str:
        return f"copy at {self.provider}"


class Bridge(models.Model):
    """Eight digits that lead from a text to the same conversation on the website, once."""

    lookup_id = models.BinaryField(primary_key=True, max_length=32)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    #: What opens the dialog, wrapped under the digits.
    wrapped = models.BinaryField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"bridge of {self.tip_id}"


class WrongBridge(models.Model):
    """Digits that opened nothing: after many in ten minutes none open anything for a while."""

    at = models.DateTimeField(db_index=True)
    #: A call's code, or words by the keys of a phone; else the eight digits of a text.
    of_code = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"wrong digits at {self.at}"
