"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "referrals_contact",
        "a year after it ended, if no hold keeps it",
        (
            Column(
                "id, district_id, person_id, way, danger, language, interpreter, needs, town,"
                " taken_at, ended_at",
                "what a center's list is sorted and counted by; who they are and all that they"
                " said is sealed",
            ),
        ),
    ),
    Table(
        "referrals_referral",
        "with its contact",
        (
            Column(
                "id, contact_id, need, service_id, made_by, made_at, consent, consent_until,"
                " taken_back_at, misses, agency, agency_at, silent_at, held_until, held_yes_at,"
                " ask_at, tries, outcome, outcome_at, outcome_by, barrier",
                "what falls due, and whether needs were met; what an agency may read lies under"
                " link and spoken words",
            ),
        ),
    ),
)
