"""One mail that lists all alerts that wait for a person: references and counts, no word of any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from upstander.carriers import answers
from upstander.carriers.contract import Outgoing
from upstander.carriers.texts import HEAD, Words
from upstander.people.models import Person

_TITLE: Mapping[str, Words] = {
    "en": {
        "life_safety": "LIFE SAFETY: {n} tips need you now",
        "urgent": "Urgent: {n} tips need you",
        "routine": "{n} tips are waiting for your team",
    },
    "es": {
        "life_safety": "VIDA EN PELIGRO: {n} avisos le necesitan ahora",
        "urgent": "Urgente: {n} avisos le necesitan",
        "routine": "{n} avisos esperan a su equipo",
    },
}
_LONG: Words = {
    "en": (
        "{n} tips each need someone to say “I have it” ({counts}).\n\n"
        "Say so here for each, without signing in:\n{tips}\n\n"
        "Sign in and open the queue:\n{desk}\n\n"
        "This message contains nothing that was written in the tips. Please do not reply by "
        "email. What comes next is listed in one email a minute.\n"
    ),
    "es": (
        "{n} avisos necesitan, cada uno, que alguien diga “lo tengo” ({counts}).\n\n"
        "Dígalo aquí de cada uno, sin iniciar sesión:\n{tips}\n\n"
        "Abra la lista, con su sesión:\n{desk}\n\n"
        "Este mensaje no contiene nada de lo escrito. Por favor, no lo responda por correo. "
        "Lo que venga después llega en un solo correo por minuto.\n"
    ),
}


class Listed(NamedTuple):
    """An alert in the list: which, its tip's reference, its priority as a code."""

    for_id: UUID
    reference: str
    priority: str


def of_all(one: Outgoing, person: Person, alerts: Sequence[Listed]) -> Outgoing:
    """Return a mail about one alert as the mail about all of these, that one among them.

    The most urgent first. Each has its own link to answer by; what a text or a call would say
    stays the one's.
    """
    urgency = list(HEAD["en"])
    listed = sorted(alerts, key=lambda alert: urgency.index(alert.priority))
    counts, head = Counter(alert.priority for alert in listed), HEAD[one.language]
    return replace(
        one,
        title=_TITLE[one.language][listed[0].priority].format(n=len(listed)),
        long=_LONG[one.language].format(
            n=len(listed),
            counts=", ".join(f"{head[priority]}: {count}" for priority, count in counts.items()),
            tips="\n".join(
                f"{head[alert.priority]} {alert.reference}: "
                f"{settings.DESK_URL}/a/{answers.sign(person.pk, alert.for_id)}"
                for alert in listed
            ),
            desk=f"{settings.DESK_URL}/",
        ),
        urgent=listed[0].priority == "life_safety",
    )
