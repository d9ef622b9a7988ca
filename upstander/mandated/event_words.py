"""What a duty's page calls its events, and the words that stand in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from upstander.cases.actions.homes import OTHER, STUDENT
from upstander.mandated.models import DutyEvent

KIND_WORDS = {
    DutyEvent.Kind.STARTED: gettext_lazy("Suspicion noted"),
    DutyEvent.Kind.EMERGENT: gettext_lazy("Questions about urgency answered"),
    DutyEvent.Kind.FIRST: gettext_lazy("Reported"),
    DutyEvent.Kind.WRITTEN: gettext_lazy("Written report sent"),
    DutyEvent.Kind.SIGNED: gettext_lazy("Written report signed"),
    DutyEvent.Kind.ANSWER: gettext_lazy("The agency’s answer"),
    DutyEvent.Kind.NOTE: gettext_lazy("Note"),
    DutyEvent.Kind.CORRECTED: gettext_lazy("Time of the report corrected"),
    DutyEvent.Kind.ASKED_WHY: gettext_lazy("Reason for asking before the report"),
    DutyEvent.Kind.REDATED: gettext_lazy("Time of the written report corrected"),
    DutyEvent.Kind.SAID_REPORTED: gettext_lazy("Someone else says that it was reported"),
    DutyEvent.Kind.CONFIRMED: gettext_lazy("Confirmed by the duty’s owner"),
    DutyEvent.Kind.DENIED: gettext_lazy("Not confirmed by the duty’s owner"),
    DutyEvent.Kind.COPY: gettext_lazy("Copy sent"),
    DutyEvent.Kind.SUSPENDED: gettext_lazy("Employee suspended"),
    DutyEvent.Kind.INQUIRY_OVER: gettext_lazy("Investigation ended"),
    DutyEvent.Kind.MET: gettext_lazy("What was due later is done"),
    DutyEvent.Kind.UNFILED: gettext_lazy("Not in the register yet: no one there may read it"),
    DutyEvent.Kind.FILED: gettext_lazy("Filed in the register"),
    DutyEvent.Kind.HOMES: gettext_lazy("Is home safe? Asked for each family"),
    DutyEvent.Kind.KEPT_OUT: gettext_lazy("Someone was excluded"),
    DutyEvent.Kind.KNOWN: gettext_lazy("Not about anyone in the school’s office"),
    DutyEvent.Kind.PROOF: gettext_lazy("Proof of the report added"),
    DutyEvent.Kind.UNCOUNTED: gettext_lazy(
        "Reported in a way that does not count yet: no clock stops"
    ),
    DutyEvent.Kind.WIDE: gettext_lazy(
        "Excluded from this report; for the tip, a second person decides"
    ),
}
WORD_LABELS = {
    "first_words": gettext_lazy("The child’s first words"),
    "facts": gettext_lazy("Seen or heard"),
    "child_name": gettext_lazy("The child’s name"),
    "child": gettext_lazy("Child"),
    "where": gettext_lazy("Where"),
    "suspected": gettext_lazy("Suspected"),
    "worker": gettext_lazy("Spoke with"),
    "reference": gettext_lazy("Reference"),
    "hold": gettext_lazy("Waited"),
    "advice": gettext_lazy("Their advice"),
    "way": gettext_lazy("How it was reported"),
    "accepted": gettext_lazy("Was it accepted?"),
    "how": gettext_lazy("How"),
    "to": gettext_lazy("To"),
    "proof": gettext_lazy("Proof"),
    "words": gettext_lazy("Words"),
    "accused": gettext_lazy("On staff, accused"),
    "kept_out": gettext_lazy("Excluded"),
    "asked": gettext_lazy("Asked and answered"),
    "consulted": gettext_lazy("Asked themselves first whether to report"),
    "name": gettext_lazy("Signed by"),
    "sha256": gettext_lazy("Hash (SHA-256)"),
    "file": gettext_lazy("File"),
    "student": STUDENT.of,
    "other": OTHER.of,
}
