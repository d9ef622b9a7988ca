"""A contact of somebody who needs help, and each referral of it: what the family says ends it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Contact(models.Model):
    """Somebody who asked for help: known by no name unless they gave one. A folder of the center.

    Its id is the folder's. All words of it are sealed there.
    """

    class Way(models.TextChoices):
        CALL = "call", _("call")
        TEXT = "text", _("text")
        CHAT = "chat", _("chat")
        IN_PERSON = "in_person", _("in person")
        SCHOOL = "school", _("a school's social worker")

    class Danger(models.TextChoices):
        NONE = "", _("no sign of danger now")
        NOW = "now", _("a life is in danger now")
        CRISIS = "crisis", _("a child is in a crisis")
        CHILD_HURT = "child_hurt", _("somebody hurts a child")

    id = models.UUIDField(primary_key=True, editable=False)
    district_id = models.BigIntegerField()
    #: Who took it.
    person_id = models.BigIntegerField()
    way = models.CharField(max_length=10, choices=Way.choices)
    danger = models.CharField(max_length=10, choices=Danger.choices, blank=True, default="")
    #: A language that they speak (``base.languages``), and whether an interpreter helped.
    language = models.CharField(max_length=8, default="en")
    interpreter = models.BooleanField(default=False)
    #: Their needs (``directory/data/needs.csv``), the most pressing first.
    needs = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: Near which town, of those that the directory knows; "" where nobody said, or it isn't one.
    town = models.CharField(max_length=60, blank=True, default="")
    #: What was said, the household, what was tried, what stands in the way, how to reach them.
    sealed = models.BinaryField()

    class Meta:
        # A desk's list: what is open, and the last that ended, of very many.
        indexes = (models.Index(fields=("ended_at", "id"), name="contact_ended"),)

    def __str__(self) -> str:
        return f"contact {self.id}"


class Referral(models.Model):
    """One service that somebody was referred to. Only what the family says ends it, or silence."""

    class Consent(models.TextChoices):
        #: They call themselves: nobody is told anything.
        NUMBERS = "numbers", _("numbers only: they call themselves")
        ADULT = "adult", _("an adult, for themselves")
        GUARDIAN = "guardian", _("a parent or guardian")
        #: Only where a confirmed rule of the State lets a minor's own word count.
        MINOR = "minor", _("a minor, for themselves")

    class Agency(models.TextChoices):
        NOTHING = "", _("has not answered")
        GOT = "got", _("got it")
        REACHED = "reached", _("reached them")
        APPOINTMENT = "appointment", _("made an appointment")
        WAITING = "waiting", _("has them on a waiting list")
        NOT_ELIGIBLE = "not_eligible", _("can't take them")
        SERVED = "served", _("has helped them")

    class Outcome(models.TextChoices):
        OPEN = "", _("open")
        MET = "met", _("it helped")
        PARTLY = "partly", _("it helped in part")
        NOT_MET = "not_met", _("it did not help")
        DECLINED = "declined", _("they no longer want it")
        #: Lost is not met.
        LOST = "lost", _("nobody could reach them")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="referrals")
    need = models.CharField(max_length=30)
    service_id = models.UUIDField()
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    consent = models.CharField(max_length=10, choices=Consent.choices)
    #: From then on the agency's copy opens no more (UTC); None: nobody was told anything.
    consent_until = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    #: SHA-256 of the link's secret, and what the agency may read, under link and spoken words.
    link_hash = models.BinaryField(max_length=32, null=True, unique=True)
    misses = models.PositiveSmallIntegerField(default=0)
    wrapped = models.BinaryField(null=True)
    agency = models.CharField(max_length=12, choices=Agency.choices, blank=True, default="")
    agency_at = models.DateTimeField(null=True)
    #: When the silence of an agency that was told falls due (UTC): it is asked again at the address
    #: in ``mailbox``, under the carriers' key; once that is gone, whoever referred them is told.
    silent_at = models.DateTimeField(null=True)
    mailbox = models.BinaryField(null=True)
    #: A place is held until then (UTC), by the agency's word; and when the family said yes to it.
    held_until = models.DateTimeField(null=True)
    held_yes_at = models.DateTimeField(null=True)
    #: When the family is asked next whether it helped (UTC); None: not any more, or not at all.
    ask_at = models.DateTimeField(null=True)
    #: How often somebody tried to reach them.
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(
        max_length=8, choices=Outcome.choices, blank=True, default=Outcome.OPEN
    )
    outcome_at = models.DateTimeField(null=True)
    outcome_by = models.BigIntegerField(null=True)
    #: Why it did not help: a code of ``barriers``.
    barrier = models.CharField(max_length=12, blank=True, default="")
    #: What the agency was told, and the family's own words.
    sealed = models.BinaryField()

    class Meta:
        indexes = (
            models.Index(
                fields=("ask_at",), condition=Q(ask_at__isnull=False), name="referral_asked"
            ),
            models.Index(
                fields=("silent_at",), condition=Q(silent_at__isnull=False), name="referral_silent"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(link_hash__isnull=True)
                | (
                    ~Q(consent="numbers")
                    & Q(consent_until__isnull=False, taken_back_at__isnull=True, outcome="")
                ),
                name="referral_told_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(silent_at__isnull=True, mailbox__isnull=True)
                | Q(silent_at__isnull=False, link_hash__isnull=False, agency=""),
                name="referral_asked_again_while_told",
            ),
            models.CheckConstraint(
                condition=Q(held_yes_at__isnull=True) | Q(held_until__gte=F("held_yes_at")),
                name="referral_held_yes_in_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="lost") | Q(tries__gte=2), name="referral_lost_after_tries"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=("not_met", "partly")) | ~Q(barrier=""),
                name="referral_not_met_with_barrier",
            ),
            models.CheckConstraint(
                condition=Q(outcome="")
                | Q(outcome_at__isnull=False, outcome_by__isnull=False, ask_at__isnull=True),
                name="referral_ended_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"referral {self.id}"
