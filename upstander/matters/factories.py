"""Who is kept out, for tests and the demo, made as the database's owner."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from upstander.matters.models import Exclusion
from upstander.people.keys import person_mac
from upstander.people.models import Person


def exclude(matter_id: UUID, district_id: int, *people: int) -> None:
    """Keep a matter from these, as the desk does: it shows who else there is by their codes."""
    codes = [person_mac(person).hex() for person in Person.objects.values_list("pk", flat=True)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('upstander.near', %s, false)", [",".join(codes)])
        for person in people:
            Exclusion.objects.create(
                matter_id=matter_id, district_id=district_id, person_mac=person_mac(person)
            )
        cursor.execute("SELECT set_config('upstander.near', '', false)")
