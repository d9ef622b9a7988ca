"""Cases, which a team works to an outcome."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Case(models.Model):
    """What a school's team works on until it has an outcome. Its id is its folder's.

    Seen by whoever holds the folder (matters/folders.py) if its matter doesn't exclude them. Every
    word stands sealed in its items; what is in clear is what lists, clocks and walls need.
    """

    class State(models.TextChoices):
        OPEN = "open", _("in progress")
        REVIEW = "review", _("waiting for a second person to review the closing")
        CLOSED = "closed", _("closed")

    class Concern(models.TextChoices):
        SELF_HARM = "self_harm", _("suicide or self-harm")
        THREAT = "threat", _("threat or violence")
        WEAPON = "weapon", _("weapon")
        ABUSE = "abuse", _("abuse or neglect")
        SEXUAL = "sexual", _("sexual harm")
        BULLYING = "bullying", _("bullying or harassment")
        SUBSTANCE = "substance", _("alcohol or drugs")
        HOME = "home", _("trouble at home")
        WELLBEING = "wellbeing", _("wellbeing")
        OTHER = "other", _("something else")

    id = models.UUIDField(primary_key=True, editable=False)
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    matter_id = models.UUIDField(db_index=True)
    #: Whose case it is: its members work it. Others are shared it, for a reason and a time.
    team_id = models.BigIntegerField()
    #: Random, so that gaps between references tell nothing.
    reference = models.CharField(max_length=12, unique=True)
    concern = models.CharField(max_length=12, choices=Concern.choices)
    #: Is never lowered: such a case isn't closed by one person. A life-safety tip makes it one.
    life_safety = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    #: Who leads it, and is reminded.
    owner_id = models.BigIntegerField()
    opened_by = models.BigIntegerField()
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    #: How many items there are: the next one's place in their order.
    items = models.PositiveIntegerField(default=0)
    #: The narrower folder of what only the lead and those they name see. None: nothing is in it.
    inner_id = models.UUIDField(null=True)
    #: When somebody last said whether home is safe; what they said is sealed. None: never asked,
    #: and then telling the parents is no action that can be chosen.
    home_asked_at = models.DateTimeField(null=True)
    #: The same of the other student's family: each is asked for itself.
    their_home_asked_at = models.DateTimeField(null=True)
    #: The same of whoever said or did what a threat assessment looks into, and of whom it was
    #: aimed at.
    maker_home_asked_at = models.DateTimeField(null=True)
    aimed_home_asked_at = models.DateTimeField(null=True)
    disposition = models.CharField(max_length=20, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            # Lists are of what is open, or of what was closed: each in its own order.
            models.Index(
                fields=("team_id", "-changed_at", "id"),
                condition=~Q(state="closed"),
                name="case_open_of_team",
            ),
            models.Index(
                fields=("owner_id", "-changed_at", "id"),
                condition=~Q(state="closed"),
                name="case_open_of_owner",
            ),
            models.Index(
                fields=("team_id", "-changed_at", "id"),
                condition=Q(state="closed"),
                name="case_closed_of_team",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class CaseItem(models.Model):
    """One entry of a case's timeline: sealed, and never changed or taken out.

    What corrects or answers another is a later item whose ``about`` is the first one's id.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: `case_item_number` begins with it.
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="timeline", db_index=False
    )
    district_id = models.BigIntegerField()
    #: Whose seed it is sealed under: the case's folder, or its narrower one.
    folder_id = models.UUIDField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    about = models.UUIDField(null=True)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="case_item_number"),)

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"


class CaseAction(models.Model):
    """Something that somebody shall do. When it is due is computed, by the database, from its kind.

    Follow-ups after a closing are actions too: their clock begins with the closing.
    """

    class Ending(models.TextChoices):
        DONE = "done", _("done")
        NOT_NEEDED = "not_needed", _("no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="actions")
    district_id = models.BigIntegerField()
    folder_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    owner_id = models.BigIntegerField()
    made_by = models.BigIntegerField()
    #: What its time runs from (UTC), and for how many hours.
    from_at = models.DateTimeField()
    within = models.PositiveIntegerField()
    #: The sum of both: a trigger sets it, so that nobody types or moves it.
    due_at = models.DateTimeField()
    #: The closing that it follows up.
    closing_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True, default="")
    #: The next reminder and how many there were: the worker's columns. None once it has ended.
    remind_at = models.DateTimeField(null=True)
    reminded = models.PositiveIntegerField(default=0)
    sealed = models.BinaryField()

    class Meta:
        indexes = (
            models.Index(
                fields=("remind_at",), condition=Q(remind_at__isnull=False), name="case_remind"
            ),
            models.Index(
                fields=("owner_id", "due_at"),
                condition=Q(ended_at__isnull=True),
                name="case_action_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} in {self.case_id}"


class CaseClosing(models.Model):
    """One closing of a case: how it ended, what came of it (sealed), and who reviewed it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a reviewer")
        STANDING = "standing", _("closed this way")
        REFUSED = "refused", _("sent back by the reviewer")
        REOPENED = "reopened", _("reopened since")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="closings")
    district_id = models.BigIntegerField()
    disposition = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State.choices)
    #: Who led the case when this was proposed: neither they nor the proposer may review it.
    owner_id = models.BigIntegerField()
    proposed_by = models.BigIntegerField()
    at = models.DateTimeField()
    reviewed_by = models.BigIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reopened_by = models.BigIntegerField(null=True)
    reopened_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(state__in=("waiting", "standing")),
                name="case_closing_one_at_a_time",
            ),
            models.CheckConstraint(
                name="case_closing_is_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True)
                | ~(Q(reviewed_by=models.F("proposed_by")) | Q(reviewed_by=models.F("owner_id"))),
            ),
        )

    def __str__(self) -> str:
        return f"closing of case {self.case_id}"


class CaseTip(models.Model):
    """A tip that a case was opened from or that was added to it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tips", db_index=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    #: The tip's matter now: who is excluded from it is excluded from the case, and the other way.
    matter_id = models.UUIDField(db_index=True)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "tip_id"), name="case_tip_once"),)

    def __str__(self) -> str:
        return f"tip {self.tip_id} in {self.case_id}"


class CaseLink(models.Model):
    """Two cases that belong together. Seen only by who sees both; the smaller id comes first."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "other"), name="case_link_once"),
            models.CheckConstraint(
                name="case_link_in_order", condition=Q(case__lt=models.F("other"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} with {self.other_id}"
