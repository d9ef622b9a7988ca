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

from upstander.carriers.contract import Outgoing
from upstander.carriers.models import Channel, Delivery
from upstander.carriers.notice_kinds import ANSWERS, LEAVING, MOVES, REGISTER, Kind
from upstander.carriers.notice_kinds import AT_ONCE as _AT_ONCE
from upstander.carriers.notice_kinds import BY_PHONE as _BY_PHONE
from upstander.places.models import Membership, Person, Team
from upstander.places.roles import TeamKind

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
        "Alert {code}: somebody was faster and has it. You need do nothing.",
        "Alerta {code}: otra persona fue más rápida y lo tiene. No tiene que hacer nada.",
        urgent=True,
        ways=(Channel.PUSH, Channel.SMS, Channel.EMAIL),
    ),
    "gap": Kind(
        "Nobody is on call for {team} from {from} to {to}.",
        "Nadie está de guardia en {team} desde {from} hasta {to}.",
        path="/oncall",
    ),
    "swap_asked": Kind(
        "{person} asks you to take a duty on {at}.",
        "{person} le pide que cubra una guardia el {at}.",
        path="/oncall",
    ),
    "swap_answered": Kind(
        "{person} has answered your question about the duty on {at}.",
        "{person} ha respondido sobre la guardia del {at}.",
        path="/oncall",
    ),
    "method_broken": Kind(
        "{person} can no longer be reached by {channel}. Please ask them to mend it.",
        "Ya no se puede localizar a {person} por {channel}. Pídale que lo arregle.",
        path="/people",
    ),
    "own_method_broken": Kind(
        "You can no longer be reached by {channel}. Please look at your contact page.",
        "Ya no se le puede localizar por {channel}. Mire su página de contacto.",
        path="/me/contact",
    ),
    "wrong_codes": Kind(
        "Somebody tried codes of alerts by text in the name of your number. If it was not you, "
        "tell your supervisor: texts can be forged. Texts from it count again in an hour.",
        "Alguien probó códigos de alertas por mensaje en nombre de su número. Si no fue usted, "
        "avise a su supervisor: los mensajes se falsifican. Valen otra vez en una hora.",
        path="/me/contact",
    ),
    "method_added": Kind(
        "A new way to reach you was added: {channel}. Was it not you? Sign out everywhere.",
        "Se añadió una forma de localizarle: {channel}. ¿No fue usted? Cierre todas las sesiones.",
        path="/me/contact",
        urgent=True,
        ways=(Channel.EMAIL,),
    ),
    "method_removed": Kind(
        "A way to reach you was removed: {channel}. Was it not you? Sign out everywhere.",
        "Se quitó una forma de localizarle: {channel}. ¿No fue usted? Cierre todas las sesiones.",
        path="/me/contact",
        urgent=True,
        ways=(Channel.EMAIL,),
    ),
    "provider_degraded": Kind(
        "Provider {provider} has trouble with {channel}. The other one is used where needed.",
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
        "Upstander's clock has stopped ({lane}). Alerts may not go out. Look now.",
        "El reloj de Upstander se ha parado ({lane}). Quizá no salen alertas. Mire ahora.",
        path="/status",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "queue_late": Kind(
        "Alerts go out {seconds} s late. Look now.",
        "Las alertas salen con {seconds} s de retraso. Mire ahora.",
        path="/status",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "synthetic_failed": Kind(
        "The automatic test tip did not come through. Look now.",
        "El aviso de prueba automático no llegó. Mire ahora.",
        path="/status",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "drill_overdue": Kind(
        "{team} has had no drill since {since}.",
        "{team} no ha hecho un simulacro desde {since}.",
        path="/drills",
    ),
    "police_brief": Kind(
        "The crisis center has handed you brief {reference}. Please sign in and acknowledge it.",
        "El centro de crisis le ha pasado el informe {reference}. Entre y confírmelo.",
        path="/police",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "second_person": Kind(
        "A second person is needed before police are sent: tip {reference}. Please decide now.",
        "Hace falta una segunda persona antes de enviar a la policía: aviso {reference}.",
        path="/queue",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "team_keeps_out": Kind(
        "A team keeps a colleague out of tip {reference}, or asks you to. See who is left to act.",
        "Un equipo impide que un colega vea el aviso {reference}, o se lo pide. Vea quién queda.",
        path="/queue",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "second_opinion": Kind(
        "A second person is needed within 10 minutes: tip {reference}. Please agree or refuse.",
        "Hace falta una segunda persona antes de 10 minutos: aviso {reference}. Decida, por favor.",
        path="/queue",
        team_path="/team",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "call_flagged": Kind(
        "Tip {reference}: a call for help was kept with a flag. Please look at how it was made.",
        "Aviso {reference}: una llamada de auxilio quedó marcada. Revise cómo se hizo.",
        path="/supervisor",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "duty_due": Kind(
        "Your report of a suspicion is due by {at}.",
        "Su informe de una sospecha vence el {at}.",
        path="/duties",
        after_leaving=True,
    ),
    "duty_due_soon": Kind(
        "Your report of a suspicion is due by {at}. Please make it now.",
        "Su informe de una sospecha vence el {at}. Hágalo ahora.",
        path="/duties",
        urgent=True,
        ways=_AT_ONCE,
        after_leaving=True,
    ),
    "duty_due_now": Kind(
        "Upstander: your report of a suspicion is due by {at}. Make it now, then write it down.",
        "Upstander: su informe de una sospecha vence el {at}. Hágalo ahora y anótelo.",
        path="/duties",
        urgent=True,
        ways=_BY_PHONE,
        after_leaving=True,
    ),
    "duty_late": Kind(
        "Your report of a suspicion was due by {at}. It is late: please make it now.",
        "Su informe de una sospecha vencía el {at}. Está atrasado: hágalo ahora.",
        path="/duties",
        urgent=True,
        ways=_AT_ONCE,
        after_leaving=True,
    ),
    "duty_late_now": Kind(
        "Upstander: your report of a suspicion was due by {at}. It is late. Make it now.",
        "Upstander: su informe de una sospecha vencía el {at}. Está atrasado. Hágalo ahora.",
        path="/duties",
        urgent=True,
        ways=_BY_PHONE,
        after_leaving=True,
    ),
    "office_duty_late": Kind(
        "A report that the law asks for was due by {at} and is not written down as made.",
        "Un informe que exige la ley vencía el {at} y no consta como hecho.",
        path="/ledger",
        urgent=True,
        ways=_AT_ONCE,
    ),
    "deadline_due": Kind(
        "Something that a report asks of you later is due by {at}.",
        "Algo que un informe le exige después vence el {at}.",
        path="/duties",
        after_leaving=True,
    ),
    "deadline_due_soon": Kind(
        "Something that a report asks of you later is due by {at}. Please do it now.",
        "Algo que un informe le exige después vence el {at}. Hágalo ahora.",
        path="/duties",
        urgent=True,
        ways=_AT_ONCE,
        after_leaving=True,
    ),
    "deadline_late": Kind(
        "Something that follows a report was due by {at} and is not written down as done.",
        "Algo que sigue a un informe vencía el {at} y no consta como hecho.",
        path="/duties",
        urgent=True,
        ways=_AT_ONCE,
        after_leaving=True,
    ),
    **ANSWERS,
    **LEAVING,
    **MOVES,
    **REGISTER,
    "settle_asked": Kind(
        "A report waits for the center: a reporter said who must not see it. Please settle that.",
        "Un informe espera al centro: se dijo quién no debe verlo. Resuélvalo, por favor.",
        path="/queue",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "duty_to_share": Kind(
        "Who may see your report is settled. Please open it once: then the offices see it too.",
        "Ya está claro quién puede ver su informe. Ábralo una vez: las oficinas lo verán.",
        path="/duties",
    ),
    "case_shared": Kind(
        "Case {reference} was shared with you. Please sign in to read it.",
        "Se ha compartido con usted el caso {reference}. Entre para leerlo.",
        path="/cases?list=shared",
    ),
    "case_yours": Kind(
        "You lead case {reference} now.",
        "Ahora usted lleva el caso {reference}.",
        path="/cases?list=mine",
    ),
    "case_review": Kind(
        "Case {reference} waits for a second person to review its closing.",
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
        "It is time to look again: case {reference}, which was closed.",
        "Es hora de volver a mirar: caso {reference}, que se cerró.",
        path="/cases?list=due",
    ),
    "duty_copy": Kind(
        "A written report to the agency was sent, and your copy is on the desk.",
        "Se envió un informe escrito a la agencia; su copia está en Upstander.",
        path="/ledger",
    ),
    "task_due": Kind(
        "A task of {code} is due and nobody has taken it.",
        "Una tarea de {code} ha vencido y nadie la ha tomado.",
        path="/queue",
        urgent=True,
        ways=_AT_ONCE,
    ),
}

_CHANNELS: Mapping[str, Mapping[str, str]] = {
    "en": {"sms": "text message", "voice": "phone call", "email": "email", "push": "notification"},
    "es": {"sms": "mensaje de texto", "voice": "llamada", "email": "correo", "push": "aviso"},
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
    language = "es" if person.language == "es" else "en"
    names = _names(told)
    lines = list(dict.fromkeys(_filled(KINDS[k], language, d, names) for k, d in told))
    path = _path_for(person, KINDS[told[0][0]]) if len({kind for kind, _ in told}) == 1 else "/"
    more = len(lines) - 1
    short = lines[0]
    if more:
        short += f" (y {more} más)" if language == "es" else f" (and {more} more)"
    title = (
        lines[0].split(". ")[0].rstrip(".")
        if not more
        else f"{len(lines)} avisos"
        if language == "es"
        else f"{len(lines)} things to know"
    )
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


def _path_for(person: Person, kind: Kind) -> str:
    """Return the page on which somebody does what they are told of: a team has no queue."""
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
        words["channel"] = _CHANNELS[language].get(words["channel"], words["channel"])
    try:
        return (kind.es if language == "es" else kind.en).format_map(words)
    except KeyError as error:
        raise ValueError(f"a code is missing: {error}") from error


def _told(code: str, language: str) -> str:
    """Write a local time as people say it, without its zone; any other code as it is."""
    if not _TIME.fullmatch(code):
        return code
    if "T24:00" in code:
        # What is due as a day ends: "the first, 0:00" would be read as a day later.
        day = datetime.fromisoformat(code.replace("T24:00", "T00:00"))
        return f"final del {day:%-d/%-m}" if language == "es" else f"end of {day:%a %-d %b}"
    at = datetime.fromisoformat(code)
    return f"{at:%-d/%-m, %H:%M}" if language == "es" else f"{at:%a %-d %b, %H:%M}"
