"""Calls to our lines while they last, what desk and worker tell each other of them, call-backs.

No number, no id of the provider's and no word stands here in clear, and a call's rows go two
minutes after it ended: docs/adr/0181-a-door-for-calls.md.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Todo(models.TextChoices):
    """What the worker has yet to tell the provider of a leg."""

    NOTHING = "", _("nothing")
    DIAL = "dial", _("to be rung")
    MOVE = "move", _("to be led on")
    END = "end", _("to be hung up")


class Call(models.Model):
    """One call of a reporter's, or back to one, from pick-up until two minutes after its end."""

    class State(models.TextChoices):
        #: Of a call back: the counselor's phone is rung first, then the reporter's.
        CALLING = "calling", _("being called back")
        WAITING = "waiting", _("waiting for a counselor")
        TALKING = "talking", _("talking with a counselor")
        HELD = "held", _("on hold")
        #: The counselor has left: the caller hears the code to come back with.
        AFTER = "after", _("hearing the code")
        OVER = "over", _("over")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    center_id = models.BigIntegerField()
    #: HMAC of the provider's id of the call, under the month's key: finds it, and tells nothing.
    mark = models.BinaryField(max_length=32, unique=True, null=True)
    line = models.CharField(max_length=20)
    provider = models.CharField(max_length=30)
    #: The provider's id of the caller's leg, for the worker's key.
    sid = models.BinaryField(null=True)
    #: The conversation's session and the spoken code, for whoever shows the provider's id.
    held = models.BinaryField(null=True)
    #: Of a call back: the number, for the worker's key, until it is rung.
    number = models.BinaryField(null=True)
    #: A random name, which says nothing. Empty: nobody talks yet.
    room = models.CharField(max_length=32, default="")
    #: The counselor's leg in that room.
    ear = models.UUIDField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    back = models.BooleanField(default=False)
    #: As they chose it by a key; empty: both are said.
    language = models.CharField(max_length=8, default="")
    #: Whether they ever pressed a key.
    keyed = models.BooleanField(default=False)
    #: How many codes they keyed in.
    code_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    begun_at = models.DateTimeField()
    #: Since when they wait for somebody to pick up.
    waits_since = models.DateTimeField(null=True)
    #: When their leg last asked what to do.
    heard_at = models.DateTimeField()
    taken_by = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    #: Since when they are on hold; of a call back, since when the two talk.
    held_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    #: Who is asked to go on with it instead.
    moving_to = models.BigIntegerField(null=True)
    #: What the worker has yet to tell the provider of the caller's leg, and from when on.
    todo = models.CharField(max_length=4, choices=Todo.choices, default=Todo.NOTHING)
    due_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    #: That it is taken, or was hung up, and the alert does not know yet.
    news = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("due_at",), condition=~Q(todo=""), name="call_todo"),
            models.Index(fields=("center_id", "begun_at"), name="call_center"),
        )

    def __str__(self) -> str:
        return f"call {self.id}"


class Leg(models.Model):
    """Another phone that takes part in a call, or is rung for it."""

    class Kind(models.TextChoices):
        EAR = "ear", _("counselor")
        FALLBACK = "fallback", _("the center’s own phone")
        INTERPRETER = "interpreter", _("interpreter")
        PSAP = "psap", _("911 center")

    class State(models.TextChoices):
        RINGING = "ringing", _("ringing")
        #: Somebody picked up and has not pressed a key.
        ANSWERED = "answered", _("picked up")
        JOINED = "joined", _("in the call")
        OVER = "over", _("over")

    #: Its webhooks' addresses name it, and they are signed.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.DB_CASCADE, related_name="legs")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    person_id = models.BigIntegerField(null=True)
    #: Whose 911 center it is.
    school_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RINGING)
    #: How it ended, where nobody came in: busy, no_answer, failed, cancelled, late.
    how = models.CharField(max_length=10, default="")
    provider = models.CharField(max_length=30)
    #: The provider's id of it, for the worker's key; empty until it is rung.
    sid = models.BinaryField(null=True)
    todo = models.CharField(max_length=4, choices=Todo.choices, default=Todo.DIAL)
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("due_at",), condition=~Q(todo=""), name="leg_todo"),
            models.Index(fields=("person_id",), condition=~Q(state="over"), name="leg_of_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.call_id}"


class CallBack(models.Model):
    """A reporter's wish to be called, until they have talked, or for a day: then its end alone."""

    class How(models.TextChoices):
        STANDS = "", _("stands")
        #: It stands: they pressed 1, and the call ended before the two can have talked.
        DROPPED = "dropped", _("reached, and the call ended early")
        TALKED = "talked", _("they have talked")
        TAKEN_BACK = "taken_back", _("taken back")
        #: Its day is over, or their phone was rung as often as it may be.
        UNREACHED = "unreached", _("not reached")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(unique=True)
    district_id = models.BigIntegerField()
    line = models.CharField(max_length=20)
    provider = models.CharField(max_length=30)
    language = models.CharField(max_length=8, default="")
    #: The number, sealed to the dialog's inbox: who opens the tip calls it, and sees it not. Gone
    #: with the wish.
    number = models.BinaryField(null=True)
    at = models.DateTimeField()
    #: How often their phone was rung for it, and how often they asked within a day.
    rung = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked = models.PositiveSmallIntegerField(default=1, db_default=1)
    how = models.CharField(
        max_length=10, choices=How.choices, default=How.STANDS, db_default=How.STANDS, blank=True
    )
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"call back for {self.tip_id}"


class PastCall(models.Model):
    """That a call was heard of: said again, it is not taken for a new one."""

    mark = models.BinaryField(primary_key=True, max_length=32)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"a call at {self.at}"
