"""What a duty's page calls its events, and the words that stand in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from upstander.cases.homes import OTHER, STUDENT
from upstander.mandated.models import DutyEvent

KIND_WORDS = {
    DutyEvent.Kind.STARTED: gettext_lazy("Suspicion noted"),
    DutyEvent.Kind.EMERGENT: gettext_lazy("Questions about urgency answered"),
    DutyEvent.Kind.FIRST: gettext_lazy("Reported"),
    DutyEvent.Kind.WRITTEN: gettext_lazy("Written report sent"),
    DutyEvent.Kind.SIGNED: gettext_lazy("Written report signed"),
    DutyEvent.Kind.ANSWER: gettext_lazy("Answer of the agency"),
    DutyEvent.Kind.NOTE: gettext_lazy("Note"),
    DutyEvent.Kind.CORRECTED: gettext_lazy("Time of the report corrected"),
    DutyEvent.Kind.ASKED_WHY: gettext_lazy("Asking before the report: the reason"),
    DutyEvent.Kind.REDATED: "Time of the written report corrected",
    DutyEvent.Kind.SAID_REPORTED: gettext_lazy("Somebody else says that it was reported"),
    DutyEvent.Kind.CONFIRMED: gettext_lazy("Confirmed by whose duty it is"),
    DutyEvent.Kind.DENIED: gettext_lazy("Not confirmed by whose duty it is"),
    DutyEvent.Kind.COPY: gettext_lazy("Copy sent"),
    DutyEvent.Kind.SUSPENDED: gettext_lazy("Employee suspended"),
    DutyEvent.Kind.INQUIRY_OVER: gettext_lazy("Investigation ended"),
    DutyEvent.Kind.MET: gettext_lazy("What was due later is done"),
    DutyEvent.Kind.UNFILED: "Not in the register yet: nobody there may read it",
    DutyEvent.Kind.FILED: "Filed in the register",
    DutyEvent.Kind.HOMES: "Is home safe? Asked for each family",
    DutyEvent.Kind.KEPT_OUT: "Somebody is kept out",
    DutyEvent.Kind.KNOWN: "It is about nobody in the school’s office",
    DutyEvent.Kind.PROOF: "What proves the report added",
    DutyEvent.Kind.WIDE: "Kept out of this report; for the tip a second person decides",
}
WORD_LABELS = {
    "first_words": gettext_lazy("The child’s first words"),
    "facts": gettext_lazy("Seen or heard"),
    "child_name": gettext_lazy("The child’s name"),
    "child": gettext_lazy("Child"),
    "where": gettext_lazy("Where"),
    "suspected": gettext_lazy("Suspected"),
    "worker": gettext_lazy("Spoke to"),
    "reference": gettext_lazy("Reference"),
    "hold": gettext_lazy("Waited"),
    "advice": gettext_lazy("Their advice"),
    "how": gettext_lazy("How"),
    "to": gettext_lazy("To"),
    "proof": gettext_lazy("Proof"),
    "words": gettext_lazy("Words"),
    "accused": gettext_lazy("On staff, accused"),
    "kept_out": "Kept out",
    "asked": gettext_lazy("Asked and answered"),
    "name": gettext_lazy("Signed by"),
    "sha256": gettext_lazy("Hash (SHA-256)"),
    "file": gettext_lazy("File"),
    "student": STUDENT.of,
    "other": OTHER.of,
}
