"""What a kind of notice is, and those about an answer that whoever opened a tip owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from upstander.carriers.models import Channel


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that somebody may be told. Texts are filled with the notice's codes."""

    en: str
    es: str
    #: Where its link leads, on the desk.
    path: str = "/"
    #: Where it leads whoever is of no center, if that is another page.
    team_path: str = ""
    #: Goes out at once, on every one of ``ways``; else by the first of them that somebody has.
    urgent: bool = False
    ways: tuple[str, ...] = (Channel.PUSH, Channel.EMAIL)
    #: Somebody who was shut out is told it all the same: it is theirs to do, or about them.
    after_leaving: bool = False


AT_ONCE = (Channel.PUSH, Channel.SMS, Channel.EMAIL)
BY_PHONE = (Channel.VOICE, Channel.SMS, Channel.PUSH, Channel.EMAIL)

#: Another center is to answer for a district, or does now.
MOVES: Mapping[str, Kind] = {
    "move_asked": Kind(
        "Another center is to read a district's tips. A supervisor of the present one decides.",
        "Otro centro va a leer los avisos de un distrito. Decide la supervisión del centro actual.",
        path="/moves",
        team_path="/",
        urgent=True,
        ways=AT_ONCE,
    ),
    "move_signed": Kind(
        "Another center reads a district's tips from now on. Did you not know? Call the district.",
        "Desde ahora otro centro lee los avisos de un distrito. ¿No lo sabía? Llame al distrito.",
        path="/moves",
        team_path="/",
        urgent=True,
        ways=AT_ONCE,
    ),
    "move_ended": Kind(
        "That another center reads a district's tips was refused or taken back.",
        "Que otro centro lea los avisos de un distrito se rechazó o se retiró.",
        path="/moves",
        team_path="/",
        urgent=True,
        ways=AT_ONCE,
    ),
}

#: Somebody with open reports of their own is to be shut out, or was.
LEAVING: Mapping[str, Kind] = {
    "shutting_asked": Kind(
        "{person} has open reports of their own and is to be shut out. A second person must"
        " decide.",
        "{person} tiene informes propios sin terminar y se quiere cerrar su cuenta. Debe decidir"
        " una segunda persona.",
        path="/leaving",
        urgent=True,
        ways=AT_ONCE,
    ),
    "shutting_done": Kind(
        "{person} was shut out with open reports of their own. They keep a way in to these. See"
        " that they are finished.",
        "Se cerró la cuenta de {person}, con informes propios sin terminar. Conserva una entrada a"
        " ellos. Procure que se terminen.",
        path="/leaving",
        urgent=True,
        ways=AT_ONCE,
    ),
    "shutting_taken": Kind(
        "{person}'s account was shut: somebody else had it. Their reports are open, and they have"
        " no way in. Reach them by phone.",
        "Se cerró la cuenta de {person}: la tenía otra persona. Sus informes siguen abiertos y no"
        " tiene entrada. Llámele por teléfono.",
        path="/leaving",
        urgent=True,
        ways=AT_ONCE,
    ),
    "shutting_nobody": Kind(
        "It is asked that somebody who owes a report is shut out, and nobody may agree to it: there"
        " is no second administrator, and no office that it isn’t kept from. Nothing happens.",
        "Se pidió cerrar la cuenta de alguien que debe un informe y nadie puede aprobarlo: no hay"
        " otra persona en administración ni oficina que pueda. No ocurre nada.",
        path="/monitor",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "shutting_monitor": Kind(
        "Somebody who owes a report was shut out of the system. The report stays open.",
        "Se cerró la cuenta de alguien que debe un informe. El informe sigue abierto.",
        path="/monitor",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "step_taken_off": Kind(
        "An administrator has taken the second step of signing in off somebody who owes a report."
        " The report’s record says so.",
        "Administración quitó el segundo paso de acceso a alguien que debe un informe. Consta en el"
        " registro del informe.",
        path="/ledger",
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "own_step_taken_off": Kind(
        "An administrator has taken off your second step of signing in; your address and passphrase"
        " stay. If you did not ask for it, call your compliance lead. Your reports stay yours.",
        "Administración quitó su segundo paso de acceso; su dirección y su frase siguen igual. Si"
        " no lo pidió, llame a su responsable. Sus informes siguen siendo suyos.",
        path="/duties",
        urgent=True,
        ways=AT_ONCE,
    ),
    "own_shut": Kind(
        "Your account was shut. Your own open reports stay yours: a link to them is in your mail,"
        " and the compliance lead of your district can give you one.",
        "Se cerró su cuenta. Sus informes abiertos siguen siendo suyos: tiene un enlace en su"
        " correo, y la persona responsable de su distrito puede darle uno.",
        path="/account/login/",
        urgent=True,
        ways=AT_ONCE,
        after_leaving=True,
    ),
    "own_taken": Kind(
        "Your account was shut, as somebody else seemed to have it. Reports that you owe are still"
        " due: you need no account to make them. Call an administrator.",
        "Se cerró su cuenta, porque parecía tenerla otra persona. Los informes que debe siguen"
        " venciendo: no necesita cuenta para hacerlos. Llame a administración.",
        path="/account/login/",
        urgent=True,
        ways=AT_ONCE,
        after_leaving=True,
    ),
}

#: "Do you suspect?": asked of whoever opened it, told of their silence to those above them.
ANSWERS: Mapping[str, Kind] = {
    "suspicion_asked": Kind(
        "A tip that you have opened asks you: do you suspect abuse? Please answer yes or no.",
        "Un aviso que usted abrió le pregunta: ¿sospecha maltrato? Responda sí o no.",
        path="/duties",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "suspicion_asked_now": Kind(
        "Upstander: you have opened a tip about abuse and owe an answer: do you suspect it? Now.",
        "Upstander: usted abrió un aviso sobre maltrato y debe responder: ¿lo sospecha? Ahora.",
        path="/duties",
        urgent=True,
        ways=BY_PHONE,
    ),
    "suspicion_again": Kind(
        "A colleague read why you do not suspect abuse and does not agree. Please answer again.",
        "Un colega leyó por qué no sospecha maltrato y no está de acuerdo. Responda de nuevo.",
        path="/duties",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "suspicion_no": Kind(
        "{reference}: somebody does not suspect abuse. A second person must read why. Please do.",
        "{reference}: alguien no sospecha maltrato. Una segunda persona debe leer por qué.",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "suspicion_silent": Kind(
        "{person} opened a tip about abuse, and it is not settled whether they suspect it. See that"
        " they answer, or that a second person reads their “no”.",
        "{person} abrió un aviso sobre maltrato y no está claro si lo sospecha. Procure que"
        " responda, o que una segunda persona lea su «no».",
        urgent=True,
        ways=AT_ONCE,
    ),
    "suspicion_silent_now": Kind(
        "Upstander: {person} opened a tip about abuse hours ago, and it is not settled whether they"
        " suspect it. See to it now.",
        "Upstander: {person} abrió hace horas un aviso sobre maltrato y no está claro si lo"
        " sospecha. Ocúpese ahora.",
        urgent=True,
        ways=BY_PHONE,
    ),
    "suspicion_office": Kind(
        "{person} opened a tip about abuse and has not settled whether they suspect it. Their"
        " supervisor was told.",
        "{person} abrió un aviso sobre maltrato y no ha aclarado si lo sospecha. Se avisó a su"
        " supervisión.",
        path="/answers",
        urgent=True,
        ways=AT_ONCE,
    ),
    "duty_unseen": Kind(
        "A report of a suspicion has begun that nobody in the offices may see.",
        "Ha comenzado un informe de sospecha que nadie de las oficinas puede ver.",
        path="/monitor",
        urgent=True,
        ways=AT_ONCE,
    ),
    "register_unread": Kind(
        "An allegation waits that nobody in the district’s office may read: its seats are empty, or"
        " whoever holds them may not. Please see that the office is filled.",
        "Una denuncia espera y nadie de la oficina del distrito puede leerla: faltan personas o"
        " quienes están no pueden. Procure que la oficina se complete.",
        path="/monitor",
        urgent=True,
        ways=AT_ONCE,
    ),
    "wide_bar": Kind(
        "{person} would keep {many} people out of a tip, so that a whole team could not act. It"
        " holds for their own report; for the tip a second person decides.",
        "{person} quiere apartar a {many} personas de un aviso; un equipo entero no podría actuar."
        " Vale para su propio informe; sobre el aviso decide otra persona.",
        path="/bars",
        urgent=True,
        ways=AT_ONCE,
    ),
    "suspicion_file": Kind(
        "{person} opened a tip about abuse and does not answer. Please answer for the file.",
        "{person} abrió un aviso sobre maltrato y no responde. Responda usted por el expediente.",
        path="/answers",
        urgent=True,
        ways=AT_ONCE,
    ),
}

#: The register of allegations waits for somebody: never of whom.
REGISTER: Mapping[str, Kind] = {
    "second_allegation": Kind(
        "The register has more than one allegation about the same person. Please open it.",
        "El registro tiene más de una denuncia sobre la misma persona. Ábralo, por favor.",
        path="/register",
        urgent=True,
        ways=AT_ONCE,
    ),
    "disclosure_second": Kind(
        "An answer to somebody who hires leaves out what was found. A second person must look.",
        "Una respuesta a quien contrata omite algo que se encontró. Debe verla otra persona.",
        path="/register/disclosures",
    ),
    "register_change": Kind(
        "A change in the register waits for a second person. Please open it.",
        "Un cambio en el registro espera a una segunda persona. Ábralo, por favor.",
        path="/register",
    ),
}
