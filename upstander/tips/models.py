"""Tips: what a reporter sends and all that follows on it. Every word in these tables is ciphertext.

Columns in clear are listed with their reasons in docs/threat-model.md; a test compares the two.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from upstander.intake.priority import Priority
from upstander.matters.models import Matter

# Django looks for an app's models here.
from upstander.tips.link_models import AdultLink  # noqa: F401
from upstander.tips.states import OPEN_STATES, Ground, TipState

#: The mark of all whose callers hung up in seconds (``tips_hung_up``): one row on the queue.
HUNG_UP = b"hung up "
PRIORITIES = [(p.value, p.value.replace("_", " ")) for p in Priority]


class Channel(models.TextChoices):
    WEB = "web", _("web")
    SMS = "sms", _("text message")
    VOICE = "voice", _("phone")
    STAFF = "staff", _("taken down by an adult")
    IMPORT = "import", _("import")


class Tip(models.Model):
    """One report, or one talk (``to_talk``). Rows are born in ``api.file_tip`` and nowhere else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: Random, so that gaps between references tell nothing.
    reference = models.CharField(max_length=12, unique=True)
    center_id = models.BigIntegerField()
    district_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="tips")
    state = models.CharField(max_length=12, choices=TipState.choices, default=TipState.NEW)
    tile = models.CharField(max_length=20)
    priority = models.CharField(max_length=12, choices=PRIORITIES)
    #: 0 life safety, 1 urgent, 2 routine: the queue's first sort key.
    rank = models.SmallIntegerField()
    happening_now = models.BooleanField(default=False)
    soon = models.BooleanField(default=False, db_default=False)  # Route.soon; never taken back
    mandated = models.BooleanField(default=False)
    #: Its own schedule, once judged so: "staff" or "sexual"; from less to more only (a trigger).
    kept_as = models.CharField(max_length=8, blank=True, default="", db_default="")
    #: The reporter answered that somebody must not see it (or a counselor heard so). Who is sealed.
    #: Until it is settled, no hand-off (``not_see.py``).
    not_see = models.BooleanField(default=False)
    #: The turn at which that was said last: what was settled before it counts no more.
    not_see_turn = models.PositiveIntegerField(default=0, db_default=0)
    language = models.CharField(max_length=8)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    #: Its reporter came to talk with the center, not to report: nobody else gets it without a
    #: ground, and this stands by which one somebody has it now. Sending it back empties it.
    to_talk = models.BooleanField(default=False, db_default=False)
    shared_for = models.CharField(
        max_length=6, choices=Ground.choices, blank=True, default="", db_default=""
    )
    #: Whole seconds. The queue and the clocks need them; nothing finer is kept.
    received_at = models.DateTimeField()
    #: When somebody last had to wait for an answer: the reporter's latest unanswered message.
    waiting_since = models.DateTimeField(null=True)
    claimed_by = models.BigIntegerField(null=True)
    claimed_at = models.DateTimeField(null=True)
    first_read_at = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    #: Set only on what came among very many from one place: equal for equal texts, by a key that
    #: lives in memory for a day, so it groups junk without saying what or whence.
    similarity = models.BinaryField(null=True, max_length=8)
    #: Equal for equal words and answers, keyed likewise; null where it may share no row.
    same_words = models.BinaryField(null=True, max_length=8)
    said_before = models.PositiveSmallIntegerField(default=0, db_default=0)  # 2 at most: a crowd
    #: Set aside, by the similarity or by a person; never where a life may be in danger (a trigger).
    junk = models.BooleanField(default=False)
    #: The tip that was edited and sent again from the same page.
    resent_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, db_index=False)
    #: How many messages and notes there are: the next one's place in their order.
    turns = models.PositiveIntegerField(default=0)
    disposition = models.CharField(max_length=30, blank=True)
    #: Whether a school's team works on it as a case (``open``) or has (``done``), while it has
    #: the tip (triggers): all that the center and the reporter learn of a case.
    in_case = models.CharField(max_length=4, blank=True)
    #: The reporter has ended the conversation; staff's copy stays.
    ended_by_reporter = models.BooleanField(default=False)
    #: The public half of the dialog's inbox: later texts and calls are sealed to it.
    inbox_public = models.BinaryField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(shared_for="") | Q(to_talk=True), name="tip_ground_of_talk"
            ),
            models.CheckConstraint(
                condition=~Q(to_talk=True, shared_for="", state=TipState.HANDED_OFF),
                name="tip_talk_stays",
            ),
        )
        indexes = (
            models.Index(
                fields=("district_id", "rank", "received_at"),
                condition=Q(state__in=[s.value for s in OPEN_STATES]),
                name="tip_queue",
            ),
            models.Index(fields=("district_id", "-received_at"), name="tip_history"),
            models.Index(
                fields=("center_id",),
                condition=Q(to_talk=True, junk=False) & ~Q(state=TipState.CLOSED),
                name="tip_talks",
            ),
            # Nearly all are null, and an index of nulls would cost each tip something.
            models.Index(
                fields=("resent_from",), condition=Q(resent_from__isnull=False), name="tip_resent"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def held(self) -> bool:
        """Tell whether it is the center's alone: a talk, and nobody named a ground to share it."""
        return self.to_talk and not self.shared_for

    @property
    def hung_up(self) -> bool:
        """Tell whether its caller hung up within seconds, before anybody was there."""
        return self.same_words is not None and bytes(self.same_words) == HUNG_UP

    @property
    def may_be_grave(self) -> bool:
        """Tell whether it is urgent, nobody's, and a life may hang on what was not said.

        No topic, or wanting to die without a word of when. To be read takes nothing from that.
        """
        nobodys = self.state in (TipState.NEW, TipState.RETURNED)
        return self.rank == 1 and self.tile in ("", "suicide") and nobodys

    @property
    def crowded(self) -> bool:
        """Tell whether it came among very many from one place, and no person took that away."""
        return self.similarity is not None


class Message(models.Model):
    """One turn of the dialog, or the reporter's answers; sealed under the dialog seed."""

    class Author(models.TextChoices):
        REPORTER = "reporter", _("reporter")
        CENTER = "center", _("crisis center")
        SCHOOL = "school", _("school's team")

    class Kind(models.TextChoices):
        TEXT = "text", "text"
        ANSWERS = "answers", _("answers")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: `message_turn` begins with it.
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="messages", db_index=False)
    district_id = models.BigIntegerField()
    author = models.CharField(max_length=10, choices=Author.choices)
    person_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TEXT)
    sealed = models.BinaryField()
    #: Sealed to the dialog's inbox, by a door that had no seed of it: a text that came later.
    to_inbox = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField()
    #: Order among a tip's turns: times are whole seconds and ids are random.
    turn = models.PositiveIntegerField()
    #: Hidden on the reporter's side only: a child can be forced to withdraw.
    hidden = models.BooleanField(default=False)

    #: Of a reply just written: the reporter sent something that whoever wrote it had not read.
    unread = False

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tip", "turn"), name="message_turn"),)

    def __str__(self) -> str:
        return f"message {self.id}"


class Note(models.Model):
    """An internal note, sealed under the center's or the case's seed: no return code opens it.

    But for an update of a brief, which center and team both read: it is sealed under the dialog's
    seed, the only one that both hold. The reporter's side is given no note.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        BRIEF = "brief", _("brief")
        #: What the center has learned since a hand-off, for the team that has it.
        UPDATE = "update", _("newer than the brief")
        NEXT_STEP = "next_step", _("next step")
        RETURNED = "returned", _("sent back")
        #: Words about 911, which were kept without a question; and whom such words don't mean.
        HELP = "help", _("about 911")
        MENTIONED = "mentioned", _("only mentioned")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="notes")
    district_id = models.BigIntegerField()
    audience = models.CharField(max_length=10)
    #: Whose seed opens it: the hand-off's for a case, the tip's own (its id) for the center.
    handoff_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NOTE)
    person_id = models.BigIntegerField()
    sealed = models.BinaryField()
    at = models.DateTimeField()
    turn = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tip", "turn", "audience"), name="note_turn"),
        )

    def __str__(self) -> str:
        return f"note {self.id}"


class Draft(models.Model):
    """What somebody has begun to write on a tip. It belongs to the tip, so a new owner finds it."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="drafts")
    district_id = models.BigIntegerField()
    audience = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    person_id = models.BigIntegerField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("tip", "kind", "person_id"), name="draft_one_a_kind_and_person"
            ),
        )

    def __str__(self) -> str:
        return f"draft of {self.kind}"


class Attachment(models.Model):
    """A file a reporter added. Its bytes lie encrypted in the files folder under its id."""

    class State(models.TextChoices):
        READY = "ready", _("ready")
        #: Shut to everybody, while its bytes are being sealed anew (quarantine.py).
        SHUTTING = "shutting", _("being quarantined")
        QUARANTINED = "quarantined", _("quarantined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="attachments")
    district_id = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.READY)
    #: JSON of name, content type, size, how it may be shown, sealed under the dialog seed.
    sealed = models.BinaryField()
    #: Sealed to the dialog's inbox instead; its bytes have a key of their own, sealed with it.
    to_inbox = models.BooleanField(default=False, db_default=False)
    #: Once it is shut away: where its bytes lie and their key, sealed under the center's seed.
    held = models.BinaryField(null=True)
    at = models.DateTimeField()
    #: Where it came in the conversation, among what was written (0: before this was kept).
    turn = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        indexes = (models.Index(fields=("tip", "at"), name="attachment_tip"),)

    def __str__(self) -> str:
        return f"attachment {self.id}"


class ReturnCode(models.Model):
    """How a reporter comes back: what opens the dialog, wrapped under their code."""

    lookup_id = models.BinaryField(primary_key=True, max_length=32)
    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, related_name="return_code")
    district_id = models.BigIntegerField()
    pepper_version = models.PositiveSmallIntegerField(default=1)
    list_version = models.PositiveSmallIntegerField(default=1)
    #: Equal for tips sent from one page, so that an edited and resent text finds the first.
    page = models.BinaryField(max_length=16, db_index=True)
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return f"return code of {self.tip_id}"


class Talk(models.Model):
    """A reporter's open session: the dialog seed, sealed under a cookie that only they hold."""

    token_hash = models.BinaryField(primary_key=True, max_length=32)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="talks")
    district_id = models.BigIntegerField()
    sealed_seed = models.BinaryField()
    #: When it ends if it is not used: the minute is coarse, and the row goes with it.
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"talk on {self.tip_id}"


class Unread(models.Model):
    """What tells the row of a tip whose words nobody has opened yet from others on the queue.

    The center alone sees it, until somebody first opens the words (a trigger).
    """

    tip = models.OneToOneField(
        Tip, on_delete=models.CASCADE, primary_key=True, related_name="unread"
    )
    district_id = models.BigIntegerField()
    #: Whether the reporter says that it is about themselves, or a group or school; null: unsaid.
    about_me = models.BooleanField(null=True)
    about_group = models.BooleanField(default=False, db_default=False)
    place_given = models.BooleanField()

    def __str__(self) -> str:
        return f"unread {self.tip_id}"


class Recipient(models.Model):
    """A team or person to whom the center has handed a tip: what the school's wall is built of."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="recipients")
    district_id = models.BigIntegerField()
    #: ``team:<id>``, or ``own:<hex>`` for one person of a restricted matter, bound to the tip.
    holder = models.CharField(max_length=80)
    since = models.DateTimeField()
    #: The last turn before the hand-off: whole seconds can't tell what came just after it.
    since_turn = models.PositiveIntegerField()
    #: Whether what the reporter wrote before the hand-off may be read: asked for, with a reason.
    with_words = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tip", "holder"), name="recipient_once"),)
        indexes = (models.Index(fields=("holder", "tip"), name="recipient_holder"),)

    def __str__(self) -> str:
        return f"{self.holder} on {self.tip_id}"


class Settled(models.Model):
    """Who must not see a tip, as its reporter said, is settled: somebody is kept out, or nobody is.

    Why nobody must be stands sealed in a note of the center's. It counts for what was said up to
    its turn; a tip whose reporter says more has several.
    """

    class How(models.TextChoices):
        KEPT_OUT = "kept_out", _("someone is kept out")
        DISMISSED = "dismissed", _("no one has to be kept out")

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="settled")
    district_id = models.BigIntegerField()
    how = models.CharField(max_length=10, choices=How.choices)
    person_id = models.BigIntegerField()
    note_id = models.UUIDField(null=True)
    #: The tip's ``not_see_turn`` when it was settled.
    turn = models.PositiveIntegerField(default=0, db_default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.how} on {self.tip_id}"


class Subject(models.Model):
    """Somebody named in a tip, sealed under the center's seed; found by their blind indexes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="subjects")
    district_id = models.BigIntegerField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"subject {self.id}"


class SubjectBlindIndex(models.Model):
    """One keyed blind index of a subject's name (blind_indexes.py): compared, never read."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="blind_indexes")
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="+")
    district_id = models.BigIntegerField()
    #: HMAC of the normalised name under a key that only the center's team can derive.
    blind_index = models.BinaryField(max_length=16)

    class Meta:
        indexes = (models.Index(fields=("blind_index",), name="subject_blind_index"),)

    def __str__(self) -> str:
        return f"blind_index of {self.subject_id}"
