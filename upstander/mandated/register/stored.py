"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "register_entry",
        "`keep_until` of its own; two of the named roles let it go",
        (
            Column(
                "id, folder_id, district_id, school_id, matter_id, duty_id, "
                "happened_on, filed_at, kind, disability, restraint, outcome, "
                "outcome_on, keep_until, dispose_by, disposed_at, change_number",
                "that there is an allegation, where, of what kind, and how it "
                "stands: whom this happens to most must be countable without "
                "opening any; of whom is sealed",
            ),
        ),
    ),
    Table(
        "register_blindindex",
        "`keep_until` of its own; two of the named roles let it go",
        (
            Column(
                "id, entry_id, district_id, strength",
                "of which entry somebody is known, by account or by name, and by how many "
                "names; the blind indexes are keyed and bound to the entry, so that no two are "
                "alike",
            ),
        ),
    ),
    Table(
        "register_event",
        "`keep_until` of its own; two of the named roles let it go",
        (
            Column(
                "id, entry_id, district_id, number, kind, reason, person_id, at",
                "who opened it when and by which code of a reason; the words are sealed",
            ),
        ),
    ),
    Table(
        "register_proposal",
        "with its entry: blind_indexes and words go with the key",
        (
            Column(
                "id, entry_id, district_id, number, person_id, at, expires_at, state, decided_by, "
                "decided_at, renames, happened_on, kind, outcome, outcome_on, keep_until, "
                "strengths, blind_indexes",
                "who proposed to change what of an entry, and who agreed or didn't: without two "
                "nothing changes; of whom it is and why is sealed, its blind indexes are keyed and "
                "bound to the entry",
            ),
        ),
    ),
    Table(
        "register_disclosure",
        "kept: proof that somebody who hires was answered",
        (
            Column(
                "id, folder_id, district_id, person_id, at, asked_on, answer, left_out",
                "that somebody who hires was answered in time, whether anything was told, "
                "and how many entries were left out; of whom and to whom is sealed",
            ),
        ),
    ),
    Table(
        "register_decision",
        "kept: proof that a second person looked at what was left out",
        (
            Column(
                "id, disclosure_id, district_id, person_id, agrees, at",
                "who agreed to an answer that leaves something out, or didn't; why is sealed",
            ),
        ),
    ),
)
