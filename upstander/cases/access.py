"""The only road to a case's row. A foreign one is 404, and the database hides it anyway."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.http import Http404

from upstander.cases.models import Case
from upstander.people.scope import Viewer


def case_for(viewer: Viewer, case_id: UUID, *, lock: bool = False) -> Case:
    """Return a case that the viewer may see; call inside ``viewing(viewer)``.

    ``lock`` holds the row until the transaction ends. Raises Http404.
    """
    query = Case.objects.select_for_update() if lock else Case.objects.all()
    found = query.filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def case_on_hold(case_id: UUID) -> bool:
    """Tell whether the viewer must question nobody in a case yet, nor in one linked with it.

    Call inside ``viewing``.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.case_on_hold(%s)", [case_id])
        row = cursor.fetchone()
    return bool(row and row[0])
