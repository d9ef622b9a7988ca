"""Who else is there when the demo has a year behind it: whole teams, heads of school, a chair."""

from __future__ import annotations

from upstander.people.roles import Role

#: As in demo_data: name, email, team, role, what the printed list says.
PEOPLE = (
    ("Hana Lindqvist", "hana@maple.example", "birch", Role.TEAM_MEMBER, "team member, Birch High"),
    ("Marcus Bell", "marcus@maple.example", "birch", Role.TEAM_MEMBER, "team member, Birch High"),
    ("Priya Nair", "priya@maple.example", "alder", Role.TEAM_LEAD, "team lead, Alder Elementary"),
    ("Joel Sandoval", "joel@maple.example", "alder", Role.TEAM_MEMBER, "team member, Alder"),
    ("Ellen Tran", "ellen@maple.example", "alder", Role.TEAM_MEMBER, "team member, Alder"),
    ("Noor Haddad", "noor@harbor.example", "quay", Role.TEAM_MEMBER, "another district's team"),
    (
        "Harriet Oduya",
        "harriet@maple.example",
        "cedar_office",
        Role.HEAD_OF_SCHOOL,
        "head of Cedar Middle",
    ),
    ("Simon Berg", "simon@maple.example", "alder_office", Role.HEAD_OF_SCHOOL, "head of Alder"),
    ("Lena Fischer", "lena@maple.example", "cedar_staff", Role.STAFF_MEMBER, "teacher, Cedar"),
    ("Nora Whitfield", "nora@maple.example", "alder_staff", Role.STAFF_MEMBER, "teacher, Alder"),
    ("Vivian Cole", "vivian@maple.example", "office", Role.BOARD_CHAIR, "chair of the board"),
)
#: Who is on call by weeks, first today's: team → people, by their address before the "@".
ROTAS = {
    "birch": ("owen", "hana", "marcus"),
    "alder": ("priya", "joel", "ellen"),
    "quay": ("ilse", "noor"),
    "district": ("dana",),
}
