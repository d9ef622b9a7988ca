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
    #: Of one tip: its link opens that (``{tip}``), where nothing else is told with it.
    opens_tip: bool = False
    #: Goes out at once, on every one of ``ways``; else by the first of them that somebody has.
    urgent: bool = False
    ways: tuple[str, ...] = (Channel.PUSH, Channel.EMAIL)
    #: Somebody who was shut out is told it all the same: it is theirs to do, or about them.
    after_leaving: bool = False

    @property
    def texts(self) -> Mapping[str, str]:
        """Its text in each language in which staff are written to."""
        return {"en": self.en, "es": self.es}


AT_ONCE = (Channel.PUSH, Channel.SMS, Channel.EMAIL)
BY_PHONE = (Channel.VOICE, Channel.SMS, Channel.PUSH, Channel.EMAIL)

#: Somebody answered an alert without signing in, and nothing followed: told by the way on which
#: they answered, as they may be on their way in the belief that it is theirs.
_LAPSED: Mapping[str, Kind] = {
    f"answer_lapsed_{via}": Kind(
        "Alert {code}: you said that you have it, and nothing followed in time. It is passed on, "
        "and others are being asked now.",
        "Alerta {code}: usted dijo que lo tiene y no siguió nada a tiempo. Ahora se pregunta a "
        "otras personas.",
        path="/queue",
        team_path="/team",
        urgent=True,
        ways=ways,
    )
    for via, ways in {
        "sms": (Channel.SMS,),
        "key": (Channel.VOICE,),
        "push": (Channel.PUSH,),
        # The link stands in a text, a notification and a mail alike.
        "link": AT_ONCE,
    }.items()
}

#: What somebody else must agree to or refuse, on the page of the tip; and that they have.
SECOND: Mapping[str, Kind] = {
    "second_person": Kind(
        "A second person is needed before police are sent: tip {reference}. Please decide now.",
        "Hace falta una segunda persona antes de enviar a la policía: aviso {reference}.",
        path="/queue",
        opens_tip=True,
        urgent=True,
        ways=AT_ONCE,
    ),
    "second_person_said": Kind(
        "A second person has decided whether police may be sent: tip {reference}. Please open it.",
        "Una segunda persona ha decidido si se envía a la policía: aviso {reference}. Ábralo.",
        path="/queue",
        opens_tip=True,
        urgent=True,
        ways=AT_ONCE,
    ),
    "second_opinion_said": Kind(
        "A second person has decided on what you proposed: tip {reference}. Please open it.",
        "Una segunda persona ha decidido sobre su propuesta: aviso {reference}. Ábralo, por favor.",
        path="/queue",
        team_path="/team",
        opens_tip=True,
        urgent=True,
        ways=AT_ONCE,
    ),
    "second_opinion": Kind(
        "A second person is needed within 10 minutes: tip {reference}. Please approve or decline.",
        "Hace falta una segunda persona antes de 10 minutos: aviso {reference}. Decida, por favor.",
        path="/queue",
        team_path="/team",
        opens_tip=True,
        urgent=True,
        ways=AT_ONCE,
    ),
}
#: Somebody with open reports of their own is to be shut out, or was; or is called otherwise now.
LEAVING: Mapping[str, Kind] = {
    "renamed": Kind(
        "{person} is the new name of a colleague. If you did not expect this, ask them "
        "what their name here was before.",
        "{person} es el nombre nuevo de un colega. Si no lo esperaba, pregúntele quién era antes.",
        path="/people",
    ),
    "shutting_asked": Kind(
        "{person} has open reports of their own, and their account is to be deactivated. "
        "A second person must decide.",
        "{person} tiene informes propios sin terminar y se quiere cerrar su cuenta. Debe decidir"
        " una segunda persona.",
        path="/leaving",
        urgent=True,
        ways=AT_ONCE,
    ),
    "shutting_done": Kind(
        "{person}’s account was deactivated with open reports of their own. They keep a "
        "way in to these. Make sure they are finished.",
        "Se cerró la cuenta de {person}, con informes propios sin terminar. Conserva una entrada a"
        " ellos. Procure que se terminen.",
        path="/leaving",
        urgent=True,
        ways=AT_ONCE,
    ),
    "shutting_taken": Kind(
        "{person}’s account was deactivated: someone else had it. Their reports are "
        "open, and they have no way in. Reach them by phone.",
        "Se cerró la cuenta de {person}: la tenía otra persona. Sus informes siguen abiertos y no"
        " tiene entrada. Llámele por teléfono.",
        path="/leaving",
        urgent=True,
        ways=AT_ONCE,
    ),
    "shutting_nobody": Kind(
        "Someone asked to deactivate the account of a person who owes a report, but no "
        "one may approve it: there is no second administrator, and no office that may "
        "see it. Nothing will happen.",
        "Se pidió cerrar la cuenta de alguien que debe un informe y nadie puede aprobarlo: no hay"
        " otra persona en administración ni oficina que pueda. No ocurre nada.",
        path="/monitor",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "shutting_monitor": Kind(
        "The account of someone who owes a report was deactivated. The report stays open.",
        "Se cerró la cuenta de alguien que debe un informe. El informe sigue abierto.",
        path="/monitor",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "step_taken_off": Kind(
        "An administrator has reset the two-step sign-in of someone who owes a report. "
        "The report’s record says so.",
        "Administración quitó el segundo paso de acceso a alguien que debe un informe. Consta en el"
        " registro del informe.",
        path="/ledger",
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "own_step_taken_off": Kind(
        "An administrator has reset your two-step sign-in; your address and passphrase "
        "stay the same. If you did not ask for this, call your compliance lead. Your "
        "reports stay yours.",
        "Administración quitó su segundo paso de acceso; su dirección y su frase siguen igual. Si"
        " no lo pidió, llame a su responsable. Sus informes siguen siendo suyos.",
        path="/duties",
        urgent=True,
        ways=AT_ONCE,
    ),
    "own_shut": Kind(
        "Your account was deactivated. Your own open reports stay yours: a link to them "
        "is in your email, and your district’s compliance lead can give you one.",
        "Se cerró su cuenta. Sus informes abiertos siguen siendo suyos: tiene un enlace en su"
        " correo, y la persona responsable de su distrito puede darle uno.",
        path="/account/login/",
        urgent=True,
        ways=AT_ONCE,
        after_leaving=True,
    ),
    "own_taken": Kind(
        "Your account was deactivated because someone else seemed to have it. Reports "
        "that you owe are still due: you don’t need an account to make them. Call an "
        "administrator.",
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
    **_LAPSED,
    "suspicion_asked": Kind(
        "About a tip that you opened: do you suspect abuse? Please answer yes or no.",
        "Un aviso que usted abrió le pregunta: ¿sospecha maltrato? Responda sí o no.",
        path="/duties",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "suspicion_asked_now": Kind(
        "Upstander: you opened a tip about abuse and owe an answer now: do you suspect it?",
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
        "{reference}: someone does not suspect abuse. A second person must read why. Please do.",
        "{reference}: alguien no sospecha maltrato. Una segunda persona debe leer por qué.",
        urgent=True,
        ways=(Channel.PUSH, Channel.EMAIL),
    ),
    "suspicion_silent": Kind(
        "{person} opened a tip about abuse, and it is not settled whether they suspect "
        "it. Make sure they answer, or that a second person reads their “no”.",
        "{person} abrió un aviso sobre maltrato y no está claro si lo sospecha. Procure que"
        " responda, o que una segunda persona lea su «no».",
        urgent=True,
        ways=AT_ONCE,
    ),
    "suspicion_silent_now": Kind(
        "Upstander: {person} opened a tip about abuse hours ago, and it is not settled "
        "whether they suspect it. Please act now.",
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
    "advocate_duty": Kind(
        "Upstander: someone on your team has begun a report of a suspicion. Please see it.",
        "Upstander: alguien de su equipo inició un informe de una sospecha. Véalo.",
        path="/duties",
        urgent=True,
        ways=BY_PHONE,
    ),
    "advocate_duty_late": Kind(
        "A report required by law was due by {at} and is not recorded as made.",
        "Un informe que exige la ley vencía el {at} y no consta como hecho.",
        path="/duties",
        urgent=True,
        ways=AT_ONCE,
    ),
    "duty_unseen": Kind(
        "A report of a suspicion was begun that no one in the offices may see.",
        "Ha comenzado un informe de sospecha que nadie de las oficinas puede ver.",
        path="/monitor",
        urgent=True,
        ways=AT_ONCE,
    ),
    "register_unread": Kind(
        "An allegation is waiting that no one in the district’s office may read: its "
        "seats are empty, or the people in them may not read it. Please make sure the "
        "office is filled.",
        "Una denuncia espera y nadie de la oficina del distrito puede leerla: faltan personas o"
        " quienes están no pueden. Procure que la oficina se complete.",
        path="/monitor",
        urgent=True,
        ways=AT_ONCE,
    ),
    "wide_exclusion": Kind(
        "{person} wants to exclude {many} people from a tip, so that a whole team could "
        "not act. This applies to their own report; for the tip, a second person decides.",
        "{person} quiere apartar a {many} personas de un aviso; un equipo entero no podría actuar."
        " Vale para su propio informe; sobre el aviso decide otra persona.",
        path="/exclusions",
        urgent=True,
        ways=AT_ONCE,
    ),
    "wide_nobody": Kind(
        "Someone wants to exclude so many people from a tip that nobody is left who may decide it."
        " It applies to their own report; the tip stays as it is.",
        "Se pidió apartar de un aviso a tantas personas que nadie puede decidirlo. Vale para un"
        " informe de sospecha; el aviso sigue como está.",
        path="/monitor",
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

#: The register of allegations waits for somebody, or an advocate's client: never which.
REGISTER: Mapping[str, Kind] = {
    "second_allegation": Kind(
        "The register has more than one allegation about the same person. Please open it.",
        "El registro tiene más de una denuncia sobre la misma persona. Ábralo, por favor.",
        path="/register",
        urgent=True,
        ways=AT_ONCE,
    ),
    "disclosure_second": Kind(
        "An employer reference leaves out what was found. A second person must review it.",
        "Una respuesta a quien contrata omite algo que se encontró. Debe verla otra persona.",
        path="/register/disclosures",
    ),
    "register_change": Kind(
        "A change in the register is waiting for a second person. Please open it.",
        "Un cambio en el registro espera a una segunda persona. Ábralo, por favor.",
        path="/register",
    ),
    # Of an advocate's client: it names nobody, and not what.
    "client_due": Kind(
        "Something that you noted is due soon. Please sign in.",
        "Algo que usted anotó vence pronto. Entre, por favor.",
    ),
}

CHANNELS: Mapping[str, Mapping[str, str]] = {
    "en": {"sms": "text message", "voice": "phone call", "email": "email", "push": "notification"},
    "es": {"sms": "mensaje de texto", "voice": "llamada", "email": "correo", "push": "aviso"},
}
#: What stands around notices: how many, and by the end of which day.
SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "more": " (and {n} more)",
        "day_ends": "end of {day}",
    },
    "es": {
        "more": " (y {n} más)",
        "day_ends": "final del {day}",
    },
}
