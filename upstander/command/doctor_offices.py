"""What `upstander doctor` says of the districts' offices: whether an allegation finds a reader."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from upstander.command.finding import Finding
from upstander.command.serve import demo_mark
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home

#: Districts with somebody who may come to suspect, who of their office could read an allegation,
#: and whether one of those is the chair. The place of the synthetic tips has no staff of its own.
_OFFICES = """
    SELECT d.name, coalesce(bool_or(m.role = 'board_chair'), false), count(m.id)
    FROM places_district d
    LEFT JOIN people_team o ON o.kind = 'office' AND o.district_id = d.id AND o.school_id IS NULL
    LEFT JOIN people_membership m ON m.team_id = o.id
        AND m.role = ANY (people_roles_of(p_kind => 'office', p_of_school => false))
        AND EXISTS (SELECT 1 FROM people_person p WHERE p.id = m.person_id AND p.is_active)
    WHERE d.id NOT IN (SELECT district_id FROM watch_probeplace)
      AND EXISTS (SELECT 1 FROM people_team t JOIN people_membership s ON s.team_id = t.id
        WHERE t.district_id = d.id AND t.kind IN ('office', 'staff', 'school'))
    GROUP BY d.id, d.name ORDER BY d.name, d.id
"""


def check_offices(home: Home) -> Iterator[Finding]:
    """Somebody may read an allegation in each district, the superintendent's own case included.

    Whom the register is sealed to are the named roles; one that nobody may read is filed nowhere.
    """
    with psycopg.connect(conninfo_for(Role.OWNER, home), autocommit=True) as connection:
        rows = connection.execute(_OFFICES).fetchall()
    empty = [name for name, _chair, readers in rows if not readers]
    chairless = [name for name, chair, readers in rows if readers and not chair]
    mend = "an administrator fills the seats of the district’s office under People"
    if demo_mark(home):
        # Its people are few on purpose.
        mend = ""
    if empty:
        yield Finding(
            "register of allegations", f"nobody could read one in {', '.join(empty)}", mend
        )
    if chairless:
        says = "no chair of the board, so one about the superintendent finds no reader, in "
        yield Finding("register of allegations", says + ", ".join(chairless), mend)
    if not empty and not chairless:
        yield Finding("register of allegations", "somebody could read one in each district")
