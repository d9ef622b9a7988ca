"""Whose word lets somebody go to a child who is in no danger now. Call inside ``viewing``.

Danger waits for nobody's word. Else a guardian agrees, or a minor, where a confirmed rule of the
State says that theirs is enough. Which of these it was is kept with the decision to go.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.callouts.words import CONSENTS, MINOR
from upstander.mandated.actions.confirming import as_it_stands
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.states.consent import MinorsVisit


def minors_word(district_id: int) -> MinorsVisit | None:
    """Return the rule by which a minor's own word is enough for a visit; None: it isn't.

    Also for who asks another center, whose State they don't see: its own people say whose it is.
    """
    if not District.objects.filter(pk=district_id).exists():
        return None
    rules = law_of(district_id).consent
    rule = as_it_stands(rules.file, rules).visit if rules is not None else None
    return rule if rule is not None and rule.runs else None


def consents(district_id: int) -> list[tuple[str, str | Promise]]:
    """Return whose word may be named in a district: code and words."""
    rule = minors_word(district_id)
    found: list[tuple[str, str | Promise]] = [*CONSENTS]
    if rule is not None:
        said = gettext("the minor’s own consent, %(from)s") % {"from": rule.says}
        found.insert(1, (MINOR, said))
    return found


def need_word(district_id: int, code: str) -> None:
    """Raise Refused unless ``code`` says whose word it is, and that word is enough."""
    if code not in dict(consents(district_id)):
        raise Refused(
            gettext(
                "Say who consents: a guardian, or that in this danger nobody’s consent is"
                " needed first."
            )
        )
