"""What the center learns after a hand-off goes to the team that has it: an update of its brief.

A team that is on its way to the older place must not learn of the newer one by chance. What goes is
text that a counselor has before them, asked about as a brief is; whoever has the tip is paged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import tell_school
from upstander.matters.people_near import Near
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.not_see import need_settled
from upstander.tips.actions.writing import notify, record_on
from upstander.tips.models import Note, Tip
from upstander.tips.opening import OpenTip
from upstander.tips.states import TipState
from upstander.triage.actions.notes import write_note
from upstander.triage.models import Handoff
from upstander.triage.naming import named_of, names_of_near
from upstander.vault.seeds import Audience


def tell_team(opened: OpenTip, text: str, *, mentioned: Collection[int] = ()) -> None:
    """Tell every team that has a tip what is newer than its brief; the center keeps it too.

    ``mentioned``: whom of the team the text may mean, and somebody says that it isn't about them.
    Raises Http404, NotGranted, Refused.
    """
    viewer, seed = opened.viewer, opened.seed(Audience.DIALOG)
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        standing = _standing(tip)
        if not standing:
            raise Refused(gettext("No school’s team has this now: nothing was sent."))
        need_settled(tip, gettext("send it to the team"))
        named = _named(tip, standing, text)
        if unasked := [one for one in named if one.person_id not in mentioned]:
            raise Refused(
                gettext(
                    "This text may be about someone who would get it: %(names_of_near)s. First say "
                    "whether it is about them."
                )
                % {"names_of_near": names_of_near(unasked)}
            )
        homes = [(Audience.CENTER, tip.pk), *((Audience.CASE, one.pk) for one in standing)]
        for audience, home in homes:
            write_note(tip, viewer, audience, home, seed, text, Note.Kind.UPDATE, now)
        tip.changed_at = now
        tip.save(update_fields=["changed_at"])
        record_on(tip, "update for the team", viewer)
        tell_school(tip.pk, now)
    notify(opened.tip.pk)


def named_for_team(tip: Tip, text: str) -> list[Near]:
    """Return whom of those who have a tip a text may mean; call inside ``viewing``."""
    return _named(tip, _standing(tip), text)


def _standing(tip: Tip) -> list[Handoff]:
    if tip.state != TipState.HANDED_OFF:
        return []
    return list(Handoff.objects.filter(tip_id=tip.pk, returned_at=None))


def _named(tip: Tip, standing: Iterable[Handoff], text: str) -> list[Near]:
    holders = {holder for one in standing for holder in one.holders}
    teams = Team.objects.filter(
        district_id=tip.district_id, kind__in=[TeamKind.SCHOOL, TeamKind.DISTRICT]
    )
    if all(holder.startswith("team:") for holder in holders):
        teams = teams.filter(pk__in=[int(holder[5:]) for holder in holders])
    # Else it was granted to persons, whose team no name of theirs says: whoever of the district.
    return named_of(tip, teams, text) if holders else []
