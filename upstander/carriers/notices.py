"""What people are told beside alerts: bundled, so that ten things are one message.

``tell`` writes a row in the transaction that is open; the worker sends (``telling.sweep_notices``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import override

from upstander.base.languages import staff_language
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import Channel, Delivery
from upstander.carriers.notice_kinds import ANSWERS, CHANNELS, LEAVING, REGISTER, SAYS, Kind
from upstander.carriers.notice_kinds import AT_ONCE as _AT_ONCE
from upstander.carriers.notice_kinds import BY_PHONE as _BY_PHONE
from upstander.carriers.notice_kinds import SECOND as _SECOND
from upstander.carriers.place_notices import PLACE
from upstander.people.models import Membership, Person, Team
from upstander.people.roles import TeamKind
from upstander.ui import times

#: Seconds that a notice waits for others to go with it; and that pass between two bundles.
GATHER, BETWEEN = 20, 600

#: A local time among the codes.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d([+-]\d\d:\d\d)?")
_CODE = re.compile(r"[\w:.+/-]{0,60}", re.ASCII)


#: ``{team}`` is a team's id and becomes its name, ``{person}`` a person's id and their name.
KINDS: Mapping[str, Kind] = {
    "tip_waiting": Kind(
        "Tip {reference} is waiting for your team.",
        "El aviso {reference} espera a su equipo.",
        path="/team",
    ),
    "taken_by_other": Kind(
        "Alert {code}: someone else already has it. You don’t need to do anything.",
        "Alerta {code}: otra persona fue más rápida y lo tiene. No tiene que hacer nada.",
        urgent=True,
        ways=(Channel.PUSH, Channel.SMS, Channel.EMAIL),
    ),
    "gap": Kind(
        "From {from} to {to}, no one is on call for {team}.",
        "Desde {from} hasta {to} nadie está de guardia en {team}.",
        path="/oncall",
    ),
    "swap_asked": Kind(
        "Can you take an on-call shift on {at}? {person} is asking.",
        "¿Puede cubrir una guardia el {at}? Se lo pide {person}.",
        path="/oncall",
    ),
    "swap_answered": Kind(
        "Your swap request for {at} was answered by {person}.",
        "Sobre la guardia del {at} ha respondido {person}.",
        path="/oncall",
    ),
    "method_broken": Kind(
        "{person} can no longer be reached by {channel}. Please ask them to fix it.",
        "Ya no se puede localizar a {person} por {channel}. Pídale que lo arregle.",
        path="/people",
    ),
    "own_method_broken": Kind(
        "You can no longer be reached by {channel}. Please check your contact page.",
        "Ya no se le puede localizar por {channel}. Mire su página de contacto.",
        path="/me/contact",
    ),
    "wrong_codes": Kind(
        "Someone tried alert codes by text from your number. If it was not you, tell "
        "your supervisor: texts can be forged. Texts from your number count again in an "
        "hour.",
        "Alguien probó códigos de alertas por mensaje en nombre de su número. Si no fue usted, "
        "avise a su supervisor: los mensajes se falsifican. Valen otra vez en una hora.",
        path="/me/contact",
    ),
    "method_added": Kind(
        "A new way to reach you was added: {channel}. If this wasn’t you, sign out everywhere.",
        "Se añadió una forma de localizarle: {channel}. ¿No fue usted? Cierre todas las sesiones.",
        path="/me/contact",
        urgent=True,
        ways=(Channel.EMAIL,),
    ),
    "method_removed": Kind(
        "A way to reach you was removed: {channel}. If this wasn’t you, sign out everywhere.",
        "Se quitó una forma de localizarle: {channel}. ¿No fue usted? Cierre todas las sesiones.",
        path="/me/contact",
        urgent=True,
        ways=(Channel.EMAIL,),
    ),
    "provider_degraded": Kind(
        "Provider {provider} is having trouble with {channel}. The other provider is "
        "used where needed.",
        "El proveedor {provider} tiene problemas con {channel}. Se usa el otro si hace falta.",
        path="/status",
    ),
    "provider_down": Kind(
        "Provider {provider} is down for {channel}.",
        "El proveedor {provider} no funciona para {channel}.",
        path="/status",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "sweeps_stopped": Kind(
        "Upstander’s background jobs have stopped ({lane}). Alerts may not go out. Check now.",
        "El reloj de Upstander se ha parado ({lane}). Quizá no salen alertas. Mire ahora.",
        path="/status",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "queue_late": Kind(
        "Alerts are going out {seconds} s late. Check now.",
        "Las alertas salen con {seconds} s de retraso. Mire ahora.",
        path="/status",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "synthetic_failed": Kind(
        "The automatic test tip did not come through. Check now.",
        "El aviso de prueba automático no llegó. Mire ahora.",
        path="/status",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "drill_overdue": Kind(
        "No drill since {since} for {team}.",
        "Sin simulacro desde {since}: {team}.",
        path="/drills",
    ),
    "police_brief": Kind(
        "The crisis center has sent you brief {reference}. Please sign in and acknowledge it.",
        "El centro de crisis le ha pasado el informe {reference}. Entre y confírmelo.",
        path="/police",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "team_keeps_out": Kind(
        "A team is excluding a colleague from tip {reference}, or asks you to. See who "
        "is left to act.",
        "Un equipo impide que un colega vea el aviso {reference}, o se lo pide. Vea quién queda.",
        path="/queue",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "call_flagged": Kind(
        "Tip {reference}: a call for help was flagged. Please review how it was made.",
        "Aviso {reference}: una llamada de auxilio quedó marcada. Revise cómo se hizo.",
        path="/supervisor#police",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "duty_due": Kind(
        "Due by {at}: your report of a suspicion.",
        "Vence el {at}: su informe de una sospecha.",
        path="/duties",
        after_leaving=True,
    ),
    "duty_due_soon": Kind(
        "Your report of a suspicion is due by {at}: please make it now.",
        "Su informe de una sospecha vence el {at}: hágalo ahora.",
        path="/duties",
        urgent=True,
        ways=_AT_ONCE,
        after_leaving=True,
    ),
    "duty_due_now": Kind(
        "Upstander: your report of a suspicion is due by {at}: make it now, then record it.",
        "Upstander: su informe de una sospecha vence el {at}: hágalo ahora y anótelo.",
        path="/duties",
        urgent=True,
        ways=_BY_PHONE,
        after_leaving=True,
    ),
    "duty_late": Kind(
        "Your report of a suspicion was due by {at} and is late: please make it now.",
        "Su informe de una sospecha vencía el {at} y está atrasado: hágalo ahora.",
        path="/duties",
        urgent=True,
        ways=_AT_ONCE,
        after_leaving=True,
    ),
    "duty_late_now": Kind(
        "Upstander: your report of a suspicion was due by {at} and is late. Make it now.",
        "Upstander: su informe de una sospecha vencía el {at} y está atrasado. Hágalo ahora.",
        path="/duties",
        urgent=True,
        ways=_BY_PHONE,
        after_leaving=True,
    ),
    "duty_begun": Kind(
        "Upstander: someone at a school of yours has begun a report of a suspicion. Please see it.",
        "Upstander: alguien de una escuela suya inició un informe de una sospecha. Véalo.",
        path="/ledger",
        urgent=True,
        ways=_BY_PHONE,
    ),
    "office_duty_late": Kind(
        "A report required by law was due by {at} and is not recorded as made.",
        "Un informe que exige la ley vencía el {at} y no consta como hecho.",
        path="/ledger",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "deadline_due": Kind(
        "Due by {at}: a later step of your report.",
        "Vence el {at}: algo que un informe le exige después.",
        path="/duties",
        after_leaving=True,
    ),
    "deadline_due_soon": Kind(
        "A later step of your report is due by {at}: please do it now.",
        "Algo que un informe le exige después vence el {at}: hágalo ahora.",
        path="/duties",
        urgent=True,
        ways=_AT_ONCE,
        after_leaving=True,
    ),
    "deadline_late": Kind(
        "A later step of a report was due by {at} and is not recorded as done.",
        "Algo que sigue a un informe vencía el {at} y no consta como hecho.",
        path="/duties",
        urgent=True,
        ways=_AT_ONCE,
        after_leaving=True,
    ),
    **ANSWERS,
    **LEAVING,
    **PLACE,
    **REGISTER,
    **_SECOND,
    "settle_asked": Kind(
        "A report is waiting for the center: a reporter said who must not see it. Please "
        "settle that.",
        "Un informe espera al centro: se dijo quién no debe verlo. Resuélvalo, por favor.",
        path="/queue",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "duty_to_share": Kind(
        "It is settled who may see your report. Please open it once, so that the offices "
        "see it too.",
        "Ya está claro quién puede ver su informe. Ábralo una vez: las oficinas lo verán.",
        path="/duties",
    ),
    "case_shared": Kind(
        "Case {reference} was shared with you. Please sign in to read it.",
        "Se ha compartido con usted el caso {reference}. Entre para leerlo.",
        path="/cases?list=shared",
    ),
    "case_yours": Kind(
        "You now lead case {reference}.",
        "Ahora usted lleva el caso {reference}.",
        path="/cases?list=mine",
    ),
    "case_review": Kind(
        "Case {reference} is waiting for a second person to review its closing.",
        "El caso {reference} espera que una segunda persona revise su cierre.",
        path="/cases",
    ),
    "case_reviewed": Kind(
        "The closing of case {reference} was reviewed.",
        "Se ha revisado el cierre del caso {reference}.",
        path="/cases",
    ),
    "case_due": Kind(
        "Something in case {reference} is due.",
        "Algo del caso {reference} ha vencido.",
        path="/cases?list=due",
    ),
    "case_follow_up": Kind(
        "A follow-up is due on case {reference}, which was closed.",
        "Es hora de volver a mirar: caso {reference}, que se cerró.",
        path="/cases?list=due",
    ),
    "duty_copy": Kind(
        "A written report was sent to the agency, and your copy is in Upstander.",
        "Se envió un informe escrito a la agencia; su copia está en Upstander.",
        path="/ledger",
    ),
    "task_due": Kind(
        "A task of {code} is due and no one has taken it.",
        "Una tarea de {code} ha vencido y nadie la ha tomado.",
        path="/queue",
        urgent=True,
        ways=_AT_ONCE,
    ),
}


def tell(
    person_id: int,
    kind: str,
    codes: Mapping[str, str | int] | None = None,
    *,
    not_before: datetime | None = None,
) -> None:
    """Have a person told something; call inside a transaction.

    ``codes`` fill the text of ``KINDS[kind]``: ids, references, times; no words and no addresses.
    Raises ValueError for an unknown kind and for what is no code. Raw SQL, as whoever tells may not
    read it back.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no notice {kind!r}")
    detail = {name: str(value) for name, value in (codes or {}).items()}
    if wrong := [name for name, value in detail.items() if not _CODE.fullmatch(value)]:
        raise ValueError(f"no codes: {', '.join(wrong)}")
    _filled(KINDS[kind], "en", detail, {})
    wait = 0 if KINDS[kind].urgent else GATHER
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO carriers_notice (person_id, kind, detail, due_at) VALUES (%s, %s, %s,"
            " greatest(date_trunc('second', api.clock_now()) + make_interval(secs => %s), %s))",
            [person_id, kind, json.dumps(detail), wait, not_before],
        )
        cursor.execute("SELECT pg_notify('due', '')")


def bundle(
    person: Person, told: Sequence[tuple[str, Mapping[str, str]]], *, urgent: bool
) -> Outgoing:
    """Write one message of everything that waits for somebody. ``told``: kinds and codes."""
    language = staff_language(person.language)
    names = _names(told)
    lines = list(dict.fromkeys(_filled(KINDS[k], language, d, names) for k, d in told))
    path = _path_for(person, told)
    more = len(lines) - 1
    short = lines[0]
    if more:
        short += SAYS[language]["more"].format(n=more)
    # By its first line: two messages that are alike but for a number, nobody tells apart.
    title = re.split(r"\. (?=[A-ZÁÉ¿])", lines[0])[0].rstrip(".")
    if more:
        title += SAYS[language]["more"].format(n=more)
    return Outgoing(
        purpose=Delivery.Purpose.NOTICE,
        for_id=None,
        title=title,
        short=short,
        spoken=" ".join(lines),
        long="\n".join([*lines, "", f"{settings.DESK_URL}{path}", ""]),
        language=language,
        urgent=urgent,
        link_path=path,
    )


def _path_for(person: Person, told: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    """Return the page on which somebody does what they are told of: a team has no queue."""
    if len({kind for kind, _ in told}) != 1:
        return "/"
    kind = KINDS[told[0][0]]
    tips = {codes.get("tip", "") for _, codes in told}
    if kind.opens_tip and len(tips) == 1 and (tip := tips.pop()):
        return f"/tips/{tip}"
    if not kind.team_path:
        return kind.path
    of_center = Membership.objects.filter(person_id=person.pk, team__kind=TeamKind.CENTER)
    return kind.path if of_center.exists() else kind.team_path


def _names(told: Sequence[tuple[str, Mapping[str, str]]]) -> dict[tuple[str, str], str]:
    """Look up the names that ids stand for, in two queries however many there are."""
    people = {d["person"] for _, d in told if d.get("person", "").isdigit()}
    teams = {d["team"] for _, d in told if d.get("team", "").isdigit()}
    found = {("team", str(t.pk)): t.name for t in Team.objects.filter(pk__in=map(int, teams))}
    for person in Person.objects.filter(pk__in=map(int, people)):
        found["person", str(person.pk)] = person.name
    return found


def _filled(
    kind: Kind, language: str, detail: Mapping[str, str], names: Mapping[tuple[str, str], str]
) -> str:
    """Fill a text. Raises ValueError when a code is missing."""
    words = {n: names.get((n, value), _told(value, language)) for n, value in detail.items()}
    if "channel" in words:
        words["channel"] = CHANNELS[language].get(words["channel"], words["channel"])
    try:
        return kind.texts[language].format_map(words)
    except KeyError as error:
        raise ValueError(f"a code is missing: {error}") from error


def _told(code: str, language: str) -> str:
    """Write a local time as people say it, without its zone; any other code as it is."""
    if not _TIME.fullmatch(code):
        return code
    at = datetime.fromisoformat(code.replace("T24:00", "T00:00"))
    with override(language):
        if "T24:00" in code:
            # What is due as a day ends: "the first, 0:00" would be read as a day later.
            return SAYS[language]["day_ends"].format(day=times.day(at))
        return f"{times.day(at)}, {times.clock(at)}"
