"""Ways to reach people, what was carried to them, and what came back.

Carriers know people and addresses, and nothing of alerts: what they carry is for a plain
``for_id``. An address, a code and what is spoken in a call stand here sealed.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upstander.people.models import Person
from upstander.vault.fields import SealedTextField


class OutboxMail(models.Model):
    """An email that the demo shows instead of sending."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.subject


class Channel(models.TextChoices):
    SMS = "sms", _("text message")
    VOICE = "voice", _("phone call")
    EMAIL = "email", _("email")
    PUSH = "push", _("notification")


class ContactMethod(models.Model):
    """One way to reach one person. It counts once a code that was sent there came back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_methods")
    kind = models.CharField(max_length=5, choices=Channel.choices)
    #: A number (E.164), an address, or a browser's push subscription (JSON).
    address = SealedTextField(max_length=2000)
    #: HMAC of kind and address: who answers is found without a number in clear.
    address_mac = models.BinaryField(max_length=32)
    label = SealedTextField(max_length=40, blank=True, default="")
    #: What this person presses in a call to say "I have it": whoever else picks up does not know.
    digit = SealedTextField(max_length=1, blank=True, default="")
    verified_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    broken_reason = models.CharField(max_length=40, blank=True)
    #: The person and their lead have been told that it is broken.
    broken_told = models.BooleanField(default=False)
    #: The code that proves the address, until it is typed in or runs out.
    code = SealedTextField(max_length=6, blank=True, default="")
    code_expires_at = models.DateTimeField(null=True)
    #: Set while a code waits to be sent.
    code_due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    #: Answers from this number that named an alert by no code of its own, and since when.
    wrong_codes = models.PositiveSmallIntegerField(default=0, db_default=0)
    wrong_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind", "address_mac"), name="contact_method_once"
            ),
            # A text is answered by one person only.
            models.UniqueConstraint(
                fields=("address_mac",),
                condition=Q(kind="sms", verified_at__isnull=False),
                name="number_of_one_person",
            ),
        )
        indexes = (
            models.Index(
                fields=("code_due_at",), condition=Q(code_due_at__isnull=False), name="code_due"
            ),
            models.Index(
                fields=("broken_at",),
                condition=Q(broken_at__isnull=False, broken_told=False),
                name="broken_untold",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"


class Delivery(models.Model):
    """One attempt through one provider, written before it is made."""

    class Purpose(models.TextChoices):
        PAGE = "page", _("page")
        DRILL = "drill", _("drill")
        NOTICE = "notice", _("notice")
        VERIFY = "verify", _("code")
        SYNTHETIC = "synthetic", _("test")

    class State(models.TextChoices):
        TRYING = "trying", _("being sent")
        ACCEPTED = "accepted", _("sent")
        DELIVERED = "delivered", _("delivered")
        ANSWERED = "answered", _("answered the phone")
        BUSY = "busy", _("busy")
        NO_ANSWER = "no_answer", _("did not answer")
        MACHINE = "machine", _("an answering machine")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("no result received")
        CANCELLED = "cancelled", _("canceled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: The first attempt of those that carried the same words to the same address.
    chain = models.UUIDField(default=uuid.uuid4)
    for_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    person_id = models.BigIntegerField()
    #: None: the person's account address. The row may be gone: whoever removes a way of theirs may
    #: not see, and so not change, all that was ever carried there.
    method = models.ForeignKey(
        ContactMethod, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    channel = models.CharField(max_length=5, choices=Channel.choices)
    provider = models.CharField(max_length=30)
    provider_ref = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.TRYING)
    reason = models.CharField(max_length=80, blank=True)
    #: By this a reply names the alert ("1 H6K2").
    code = models.CharField(max_length=4, blank=True)
    #: A text without the code answers nothing: whoever can forge a sender could say "I have it".
    needs_code = models.BooleanField(default=False, db_default=False)
    #: Whether a bare "1" can mean this: nobody has it yet.
    open = models.BooleanField(default=False)
    attempted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    #: The app above has seen how it ended.
    told = models.BooleanField(default=False)
    #: What was carried, sealed, for the call's script and another try; gone once it has ended.
    sealed = models.BinaryField(null=True)
    #: HMAC of this call's id and the person's digit.
    digit_mac = models.BinaryField(null=True, max_length=32)
    key_tries = models.PositiveSmallIntegerField(default=0)
    #: When the provider is asked, because it said nothing by itself.
    poll_at = models.DateTimeField(null=True)
    polls = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "provider_ref"),
                condition=~Q(provider_ref=""),
                name="provider_ref_once",
            ),
        )
        indexes = (
            models.Index(fields=("for_id",), condition=Q(for_id__isnull=False), name="carried_for"),
            models.Index(fields=("code",), condition=~Q(code=""), name="carried_code"),
            models.Index(fields=("person_id", "attempted_at"), name="carried_to"),
            models.Index(
                fields=("attempted_at",), condition=Q(sealed__isnull=False), name="delivery_sealed"
            ),
            models.Index(
                fields=("poll_at",), condition=Q(poll_at__isnull=False), name="delivery_poll"
            ),
            models.Index(
                fields=("changed_at",),
                condition=Q(told=False) & ~Q(state__in=("trying", "accepted")),
                name="delivery_untold",
            ),
        )

    def __str__(self) -> str:
        return f"delivery {self.id}"


class Receipt(models.Model):
    """What a provider reported of a delivery, once however often it says so."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="receipts")
    provider = models.CharField(max_length=30)
    key = models.CharField(max_length=140)
    status = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("provider", "key"), name="receipt_once"),)

    def __str__(self) -> str:
        return f"{self.status} of {self.delivery_id}"


class Inbound(models.Model):
    """What a person answered, for the app above to act on. Their words are not kept."""

    class Kind(models.TextChoices):
        SMS = "sms", _("by text")
        KEY = "key", _("by key")
        PUSH = "push", _("by notification")
        LINK = "link", _("by link")

    class Answer(models.TextChoices):
        HAVE_IT = "have_it", _("I have it")
        SEEN = "seen", _("seen")
        CANNOT = "cannot", _("I can't")
        UNCLEAR = "unclear", _("not understood")
        STOP = "stop", _("no more texts")
        START = "start", _("texts again")
        #: Codes were tried from their number: whoever it belongs to is asked by another way.
        TRIED = "tried", _("codes tried")

    kind = models.CharField(max_length=4, choices=Kind.choices)
    person_id = models.BigIntegerField()
    for_id = models.UUIDField(null=True)
    answer = models.CharField(max_length=8, choices=Answer.choices)
    at = models.DateTimeField()
    done = models.BooleanField(default=False)
    provider = models.CharField(max_length=30)
    ref = models.CharField(max_length=100)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("provider", "ref"), name="inbound_once"),)
        indexes = (models.Index(fields=("id",), condition=Q(done=False), name="inbound_due"),)

    def __str__(self) -> str:
        return f"{self.answer} of person {self.person_id}"


class ProviderHealth(models.Model):
    """How a provider does on one channel, judged by its last twenty attempts."""

    class State(models.TextChoices):
        GOOD = "good", _("good")
        DEGRADED = "degraded", _("degraded")
        DOWN = "down", _("down")

    provider = models.CharField(max_length=30)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.GOOD)
    since = models.DateTimeField()
    ok = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    #: The last attempts, oldest first: ``+`` went well, ``-`` did not.
    recent = models.CharField(max_length=20, default="")
    #: While down: when it is tried again.
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("provider", "channel"), name="provider_channel_once"),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.channel}: {self.state}"


class Notice(models.Model):
    """Something that a person is to be told, together with whatever else waits for them."""

    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=24)
    #: Ids and codes that the text is filled with; no words.
    detail = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    #: How often it was tried.
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        indexes = (
            models.Index(fields=("due_at",), condition=Q(sent_at__isnull=True), name="notice_due"),
            models.Index(fields=("person_id", "sent_at"), name="notice_of"),
        )

    def __str__(self) -> str:
        return f"{self.kind} for person {self.person_id}"
