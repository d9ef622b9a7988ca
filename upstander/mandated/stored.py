"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "mandated_duty",
        "duty",
        (
            Column(
                "id, folder_id, person_id, district_id, school_id, matter_id, "
                "tip_id, case_id, rule_set, rule, school_inquiry",
                "whose duty it is and where: its clocks can't be kept without",
            ),
            Column(
                "cause_at, opened_at, matter_opened_at, matter_noted_at, "
                "emergent, first_way, first_at, first_recorded_at, accepted, "
                "written_at, written_recorded_at, remind_at, reminded, month, "
                "first_due, written_due, offices_told_at, says_whom, has_paper, says_where",
                "the law's clocks, the reminders and the ledger; what was seen and said is sealed",
            ),
        ),
    ),
    Table(
        "mandated_dutyevent",
        "duty",
        (
            Column(
                "id, duty_id, district_id, number, kind, person_id, happened_at, at, "
                "says_whom, says_where",
                "that its owner did something, and when, and that it says to whom or where a "
                "report went; what was said is sealed",
            ),
        ),
    ),
    Table(
        "mandated_consult",
        "a year after it was asked, if no hold keeps it",
        (
            Column(
                "id, person_id, district_id, asked_at, duty_id",
                "that somebody asked themselves whether to report or took words down with a yes, "
                "when, and which report of theirs came of it: shown to them alone; what they saw "
                "and wrote is sealed",
            ),
        ),
    ),
    Table(
        "mandated_deadline",
        "duty",
        (
            Column(
                "id, duty_id, district_id, key, owner, asks_home, since, due_at, met_at, "
                "met_recorded_at, met_by, remind_at, reminded",
                "what the law asks after the first report, and of whom: it must "
                "be reminded of without any key",
            ),
        ),
    ),
    Table(
        "mandated_routing",
        "duty",
        (
            Column(
                "id, duty_id, district_id, matter_id, past_building, waits, since, "
                "remind_at, reminded",
                "who is asked to settle who must not see it, and that an office is passed over, "
                "must hold without any key; nobody stands there by name",
            ),
        ),
    ),
    Table(
        "mandated_asked",
        "kept: codes and ids, no words",
        (
            Column(
                "id, tip_id, case_id, matter_id, district_id, school_id, center, "
                "person_id, asked_at, answered_at, remind_at, reminded, "
                "climb_since, climb_at, climbed, gone_at, for_file, new_turn",
                "that somebody opened a tip or a case about abuse (the record says so too) "
                "and owes an answer, and who is told of their silence; which answer stands "
                "elsewhere",
            ),
        ),
    ),
    Table(
        "mandated_answerread",
        "kept: codes and ids, no words",
        (
            Column(
                "id, answer_id, district_id, person_id, agrees, at",
                "that a second person has read somebody's no, without which it does not count",
            ),
        ),
    ),
    Table(
        "mandated_fileanswer",
        "kept: codes and ids, no words",
        (
            Column(
                "id, asked_id, district_id, person_id, ground, at",
                "that an office answered for the file where somebody stayed silent, and on what "
                "ground",
            ),
        ),
    ),
    Table(
        "mandated_confirmation",
        "kept: public law, and who answers for it",
        (
            Column(
                "id, rule_set, fact, digest, stands, person_id, at",
                "which facts of a State's rules an administrator compared with "
                "the law; public law, and who answers for it",
            ),
        ),
    ),
    Table(
        "mandated_shutting",
        "kept: who was shut out by whom, with open reports",
        (
            Column(
                "id, person_id, asked_by, asked_at, taken, agreed_by, agreed_at, done_at, "
                "ended_at, tell_at",
                "that somebody with open reports was shut out, and by which two; why is sealed",
            ),
        ),
    ),
    Table(
        "mandated_standin",
        "kept: codes and ids, no words",
        (
            Column(
                "duty_id, district_id, person_id, at",
                "that an office answered for the file in place of an owner who was shut out",
            ),
        ),
    ),
    Table(
        "mandated_monthchange",
        "kept: counts alone",
        (
            Column(
                "id, district_id, month, changes",
                "a counter, so that figures that are kept are never older than what they count",
            ),
        ),
    ),
    Table(
        "mandated_tally",
        "kept: counts alone",
        (
            Column(
                "id, person_id, district_id, month, changes, cells",
                "counts of finished duties and how long they took, for one "
                "reader: what that reader may count from mandated_duty anyway",
            ),
        ),
    ),
    Table(
        "mandated_answer",
        "tip",
        (
            Column(
                "id, tip_id, case_id, district_id, person_id, suspects, duty_id, audience, "
                "handoff_id, at, turn",
                "that somebody who opened a tip said whether they suspect; why is sealed",
            ),
        ),
    ),
    Table(
        "mandated_wideexclusion",
        "duty",
        (
            Column(
                "id, duty_id, district_id, matter_id, person_macs, asked_by, asked_at, decided_by, "
                "decided_at, agreed",
                "that somebody would keep so many out that nobody is left, and who decided; whom, "
                "by the same hash as in an exclusion",
            ),
        ),
    ),
)
