"""Alerts and what becomes of them. What must happen is a row with a due time.

Subjects are named by a plain id, with no foreign key upward: this layer knows no tips.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upstander.escalations.line_models import TakesTurns
from upstander.escalations.outside_models import ExternalContact
from upstander.intake.priority import Priority


class Cause(models.TextChoices):
    """Why somebody is asked, and so until when the asking makes sense."""

    POLICY = "policy", _("nobody has it")
    #: Whoever has it did nothing for too long.
    IDLE = "idle", _("no next step")
    #: Whoever has it should know: the reporter wrote, or it became more urgent.
    NEWS = "news", _("something new")
    #: The reporter waits for an answer.
    UNANSWERED = "unanswered", _("the reporter is waiting")
    #: Words without a topic: nobody has said yet that no life hangs on them.
    UNREAD = "unread", _("nobody has read and judged it")
    #: A task on the desk that nobody took, or nobody finished.
    TASK = "task", _("a task is waiting")
    #: A counselor asked for it.
    BY_HAND = "by_hand", _("asked by a counselor")


class Alert(models.Model):
    """Something that needs a person to say "I have it"."""

    class State(models.TextChoices):
        OPEN = "open", _("not yet acknowledged")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        ENDED = "ended", _("ended")

    class Stage(models.TextChoices):
        CENTER = "center", _("with the crisis center")
        SCHOOL = "school", _("with a school")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_id = models.UUIDField()
    matter_id = models.UUIDField()
    reference = models.CharField(max_length=12)
    district_id = models.BigIntegerField()
    priority = models.CharField(max_length=12)
    #: Who is asked: ``team:<id>``, or ``own:<hex>`` for each person of a restricted matter.
    holders = ArrayField(models.CharField(max_length=80))
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    acknowledged_by = models.BigIntegerField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    #: By when the person who has it must have recorded a next step.
    next_step_due_at = models.DateTimeField(null=True)
    #: Whoever has it was asked once more, for that time had passed.
    idle_asked = models.BooleanField(default=False, db_default=False)
    #: ``center`` from the tip on, ``school`` after a hand-off: whose policy it follows.
    stage = models.CharField(
        max_length=6, choices=Stage.choices, default="center", db_default="center"
    )
    #: The school that it is about, if one is named: whose policy and whose numbers.
    school_id = models.BigIntegerField(null=True)
    #: Reported as in progress: somebody must read it at once and decide about 911.
    happening_now = models.BooleanField(default=False, db_default=False)
    #: What was ticked asks for a decision about 911, whenever it happens: not breathing, a fire.
    asks_911 = models.BooleanField(default=False, db_default=False)
    #: Its reporter ticked nothing of what it is about, and nobody at the center has judged it.
    no_topic = models.BooleanField(default=False, db_default=False)
    #: When its reporter last answered something graver, or it was opened again: what was decided
    #: about 911 before that was decided without it.
    graver_at = models.DateTimeField(null=True)
    #: Which situation's steps it has (``policy.Situation``); empty until they are written.
    situation = models.CharField(max_length=8, blank=True, default="", db_default="")
    #: Suspected abuse: never put off to the morning.
    mandated = models.BooleanField(default=False, db_default=False)
    #: Somebody decided that it does not wait for the district's hours.
    raised = models.BooleanField(default=False, db_default=False)
    #: It came among very many from one place, or in words that others sent as well. It is asked
    #: about like any other, but after those of its school that came alone: a flood must not stand
    #: between them and somebody's phone.
    crowded = models.BooleanField(default=False, db_default=False)
    #: It is about a talk that the center keeps to itself: nobody outside it is asked, nor phoned.
    center_only = models.BooleanField(default=False, db_default=False)
    #: Where its subject has its page: ``tips``, ``callouts``, ``helplines``, ``handovers``; or
    #: what else it says of a callout: ``panic``, ``desk``.
    page = models.CharField(max_length=10, default="tips", db_default="tips")

    class Meta:
        indexes = (
            models.Index(fields=("subject_id",), name="alert_subject"),
            # The worker asks each second whose next step is overdue, among all that ever were.
            models.Index(
                fields=("next_step_due_at",),
                condition=Q(state="acknowledged"),
                name="alert_next_step",
            ),
            # The watch asks every other second which are open and nobody is asked about.
            models.Index(fields=("district_id",), condition=Q(state="open"), name="alert_open"),
        )

    def __str__(self) -> str:
        return f"alert {self.id}"

    @property
    def at_once(self) -> bool:
        """Whether it is to be read at once and 911 decided, if it is life safety."""
        return self.happening_now or self.asks_911

    @property
    def unsaid(self) -> bool:
        """Whether a life may hang on words that nobody has judged: no topic, and in no crowd."""
        center_s = self.priority == Priority.URGENT and self.stage == Alert.Stage.CENTER
        return center_s and self.no_topic and not self.crowded


class Step(TakesTurns):
    """One step of an alert's policy: at ``due_at`` the next people are asked."""

    class State(models.TextChoices):
        DUE = "due", _("due")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        #: Of a policy that the alert follows no more; kept as history.
        REPLACED = "replaced", _("replaced")

    id = models.BigAutoField(primary_key=True)
    # No index of its own: `step_number_once` begins with it.
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="steps", db_index=False)
    district_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    #: Who is asked at this step (``targets.py``).
    target = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    #: Seconds after the policy's beginning, so that it can begin anew.
    after_seconds = models.PositiveIntegerField(default=0, db_default=0)
    #: It asks again after so many seconds, until somebody has it.
    repeat_seconds = models.PositiveIntegerField(null=True)
    #: It goes up as long as nobody answers: a small one would be full after six weeks.
    round = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    cause = models.CharField(
        max_length=10, choices=Cause.choices, default=Cause.POLICY, db_default="policy"
    )
    #: The task that waits, where one is the cause. Its index holds only these: tips write steps.
    task = models.ForeignKey(
        "Task", null=True, on_delete=models.CASCADE, related_name="steps", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("alert", "number"), name="step_number_once"),
        )
        indexes = (
            models.Index(fields=("due_at",), condition=Q(state="due"), name="step_due"),
            models.Index(
                fields=("school_key", "turn", "due_at"), condition=Q(state="due"), name="step_turn"
            ),
            models.Index(fields=("task",), condition=Q(task__isnull=False), name="step_task"),
        )

    def __str__(self) -> str:
        return f"step {self.number} of {self.alert_id}"


class Page(TakesTurns):
    """One attempt to reach one person on one channel, written before it is made."""

    class State(models.TextChoices):
        DUE = "due", _("to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: `page_once` begins with it.
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="pages", db_index=False)
    district_id = models.BigIntegerField()
    step_number = models.PositiveSmallIntegerField()
    round = models.PositiveIntegerField(default=1)
    person_id = models.BigIntegerField()
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    cause = models.CharField(
        max_length=10, choices=Cause.choices, default=Cause.POLICY, db_default="policy"
    )
    #: Order within its step: in a burst the first page of each alert goes before the second of any.
    place = models.PositiveSmallIntegerField(default=0, db_default=0)
    #: The carriers' attempt, by which what became of it is found.
    delivery_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("alert", "step_number", "person_id", "channel", "round"),
                name="page_once",
            ),
        )
        indexes = (
            models.Index(fields=("due_at",), condition=Q(state="due"), name="page_due"),
            models.Index(
                fields=("person_id", "channel", "school_key", "turn", "due_at"),
                condition=Q(state="due"),
                name="page_line",
            ),
            models.Index(
                fields=("delivery_id",),
                condition=Q(delivery_id__isnull=False),
                name="page_delivery",
            ),
            # The watch asks every other second when something of each open one went out last.
            models.Index(fields=("alert", "sent_at"), condition=Q(state="sent"), name="page_sent"),
        )

    def __str__(self) -> str:
        return f"page {self.id}"


class Acknowledgement(models.Model):
    """What a person answered to an alert. Only ``have_it`` stops it."""

    class Answer(models.TextChoices):
        HAVE_IT = "have_it", "I have it"
        SEEN = "seen", "seen"
        CANNOT = "cannot", "cannot"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="acknowledgements")
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    answer = models.CharField(max_length=10, choices=Answer.choices)
    at = models.DateTimeField()
    #: Order among an alert's answers: times are whole seconds and ids are random.
    number = models.PositiveIntegerField()
    #: On which way it came: ``desk``, or a reply's kind (``sms``, ``key``, ``push``, ``link``).
    via = models.CharField(max_length=6, default="desk", db_default="desk")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("alert", "number"), name="answer_number"),)
        # Before each text the worker asks whether somebody answered the last.
        indexes = (models.Index(fields=("person_id", "at"), name="answer_person"),)

    def __str__(self) -> str:
        return f"{self.answer} on {self.alert_id}"


class Task(models.Model):
    """Something that somebody at the center must do by hand, such as a call. It must be taken."""

    class Kind(models.TextChoices):
        #: The reporter ticked "now". It orders nobody to call: a named person reads, and decides.
        DECIDE_911 = "decide_911", _("Read now; decide about 911")
        #: Opened by nobody but the person who has read the words and decided (a trigger).
        CALL_911 = "call_911", _("Call 911")
        CALL_SCHOOL = "call_school", _("Call the school, then its police dispatcher")
        CALL_CONTACT = "call_contact", _("Call an outside contact")
        CONFIRM_HELP = "confirm_help", _("Confirm that help arrived")
        CONFIRM_BRIEF = "confirm_brief", _("Call police: nobody has read their brief")
        SECOND_POLICE = "second_police", _("Decide whether police may be sent")
        #: A hand-off passed somebody by whom its words may mean, until that is answered.
        ASK_NAMED = "ask_named", _("Say whether it is about them")

    class State(models.TextChoices):
        OPEN = "open", _("nobody has taken it")
        TAKEN = "taken", _("taken")
        DONE = "done", _("done")
        DROPPED = "dropped", _("no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    subject_id = models.UUIDField()
    matter_id = models.UUIDField()
    district_id = models.BigIntegerField()
    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="tasks")
    contact = models.ForeignKey(ExternalContact, null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    #: By when it must be taken; once it is, by when it must be done.
    due_at = models.DateTimeField()
    taken_by = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    #: How it ended, as a code (``tasks.OUTCOMES``).
    outcome = models.CharField(max_length=20, blank=True, default="")
    #: Codes and ids only, never words.
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject_id", "kind", "contact"),
                condition=Q(state__in=("open", "taken")),
                nulls_distinct=False,
                name="task_once",
            ),
        )
        indexes = (
            # The worker asks each second which were taken and not done in time.
            models.Index(fields=("due_at",), condition=Q(state="taken"), name="task_taken"),
            models.Index(
                fields=("district_id",),
                condition=Q(state__in=("open", "taken")),
                name="task_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} for {self.subject_id}"


class Policy(models.Model):
    """A center's own steps for one stage and situation, of all its schools or of one of them.

    Without a row the steps of ``policy.py`` hold.
    """

    center_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    stage = models.CharField(max_length=6, choices=Alert.Stage.choices)
    situation = models.CharField(max_length=8)
    #: [{"after": seconds, "target": …}, …]
    steps = models.JSONField()
    #: All of it again after so many seconds, until somebody has it.
    every = models.PositiveIntegerField()
    changed_by = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("center_id", "school_id", "stage", "situation"),
                nulls_distinct=False,
                name="policy_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage} policy of center {self.center_id}: {self.situation}"


class News(models.Model):
    """Something happened to a subject that the worker must work off. Gone once it did."""

    class Kind(models.TextChoices):
        WROTE = "wrote", _("the reporter wrote")
        ASSESSED = "assessed", _("its priority changed")
        EXCLUDED = "excluded", _("someone is kept out of it")
        RETURNED = "returned", _("it is back with the center")
        WOKEN = "woken", _("what was set aside is about life safety")
        LET_GO = "let_go", _("the person who had it left")
        LEFT = "left", _("someone who was asked left")
        CLOSED = "closed", _("it was closed")
        BRIEFED = "briefed", _("police have read every brief about it")
        REOPENED = "reopened", _("it was closed and reopened")
        LEARNED = "learned", _("the center learned something that the person who has it must know")

    subject_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    #: Who left, or who read.
    person_id = models.BigIntegerField(null=True)
    #: Which of the subject's alerts it is about, where it is about one.
    alert_id = models.UUIDField(null=True)

    class Meta:
        indexes = (models.Index(fields=("subject_id",), name="news_subject"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject_id}"


class Moment(models.Model):
    """The database's clock as the worker last saw it: one row, by which a jump back is noticed."""

    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seen {self.seen_at}"
