"""How a tip ended and who agreed; and cases, which a team works to an outcome."""

import uuid

from django.db import models
from django.db.models import Q


class Closing(models.Model):
    """One closing of a tip: its disposition, and why, sealed. Re-opening keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    disposition = models.CharField(max_length=30)
    audience = models.CharField(max_length=10)
    #: Whose seed: the tip's at the center, or the hand-off that began the team's case.
    circle = models.UUIDField(null=True)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField()
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"closing {self.id}"


class SecondOpinion(models.Model):
    """A proposal to lower a life-safety tip or to close it. Without a second it lapses."""

    class Kind(models.TextChoices):
        LOWER = "lower", "lower the priority"
        #: Kept as "false": so it was called while one person could close it as anything else.
        CLOSE = "false", "close the tip"

    class State(models.TextChoices):
        OPEN = "open", "waiting for a second person"
        AGREED = "agreed", "agreed"
        REFUSED = "refused", "refused"
        LAPSED = "lapsed", "lapsed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip_id = models.UUIDField(db_index=True)
    district_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    to_priority = models.CharField(max_length=12, blank=True)
    disposition = models.CharField(max_length=30, blank=True)
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    #: How far the conversation had come for whoever proposed it (``Tip.turns``).
    turn = models.IntegerField(default=0)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    #: Which seed the reason is sealed under: the center's, or the case's.
    audience = models.CharField(max_length=10)
    circle = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tip_id",),
                condition=models.Q(state="open"),
                name="one_open_second_opinion",
            ),
            models.CheckConstraint(
                name="second_opinion_is_anothers",
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | ~models.Q(state="agreed"),
            ),
        )

    def __str__(self) -> str:
        return f"second opinion {self.id}"


class Case(models.Model):
    """What a school's team works on until it has an outcome. Its id is its folder's.

    Seen by whoever holds the folder (places/folders.py) and whom its matter doesn't bar. Every word
    stands sealed in its items; what is in clear is what lists, clocks and walls need.
    """

    class State(models.TextChoices):
        OPEN = "open", "being worked on"
        REVIEW = "review", "waiting for a second person to review the closing"
        CLOSED = "closed", "closed"

    class Concern(models.TextChoices):
        SELF_HARM = "self_harm", "suicide or self-harm"
        THREAT = "threat", "threat or violence"
        WEAPON = "weapon", "weapon"
        ABUSE = "abuse", "abuse or neglect"
        SEXUAL = "sexual", "sexual harm"
        BULLYING = "bullying", "bullying or harassment"
        SUBSTANCE = "substance", "alcohol or drugs"
        HOME = "home", "trouble at home"
        WELLBEING = "wellbeing", "wellbeing"
        OTHER = "other", "something else"

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
        DONE = "done", "done"
        NOT_NEEDED = "not_needed", "not needed any more"

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
        WAITING = "waiting", "waiting for a reviewer"
        STANDING = "standing", "closed so"
        REFUSED = "refused", "sent back by the reviewer"
        REOPENED = "reopened", "opened again since"

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
    #: The tip's matter now: who is barred from it is barred from the case, and the other way.
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
