"""What is sent to staff, in their language. No word of a tip: its reference, and what is asked.

Texts (SMS) keep to the letters of GSM 03.38: one other letter, such as most Spanish accents, and a
text has half the room and costs twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings

from upstander.base.languages import staff_language
from upstander.carriers import answers
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import Delivery
from upstander.people.models import Person

Words = Mapping[str, str]

#: How urgent it is, in a word.
HEAD: Mapping[str, Words] = {
    "en": {"life_safety": "LIFE SAFETY", "urgent": "Urgent", "routine": "New"},
    "es": {"life_safety": "VIDA EN PELIGRO", "urgent": "Urgente", "routine": "Nuevo"},
}
_TITLE: Mapping[str, Words] = {
    "en": {
        "life_safety": "LIFE SAFETY: tip {reference} needs you now",
        "urgent": "Urgent: tip {reference} needs you",
        "routine": "Tip {reference} is waiting for your team",
    },
    "es": {
        "life_safety": "VIDA EN PELIGRO: el aviso {reference} le necesita ahora",
        "urgent": "Urgente: el aviso {reference} le necesita",
        "routine": "El aviso {reference} espera a su equipo",
    },
}
_SHORT: Mapping[str, Words] = {
    "en": {
        "now": "{head} {code}, REPORTED AS NOW: tip {reference} needs you.",
        "later": "{head} {code}: tip {reference} needs someone to take it.",
    },
    "es": {
        "now": "{head} {code}, DICEN QUE ES AHORA: el aviso {reference} le necesita.",
        "later": "{head} {code}: el aviso {reference} necesita a alguien.",
    },
}
_SPOKEN: Mapping[str, Words] = {
    "en": {
        "life_safety": "This is Upstander, with a life safety alert.",
        "urgent": "This is Upstander, with an urgent alert.",
        "routine": "This is Upstander. A tip is waiting for your team.",
        "now": "The reporter says it is happening now. No one has checked this.",
        "code": "The alert is {code}.",
        "several": "This is Upstander. {n} life safety tips need you, and nobody has them.",
        "first": "The first is {code}.",
    },
    "es": {
        "life_safety": "Le llama Upstander con una alerta de vida en peligro.",
        "urgent": "Le llama Upstander con una alerta urgente.",
        "routine": "Le llama Upstander. Un aviso espera a su equipo.",
        "now": "Quien informa dice que ocurre ahora. Nadie lo ha comprobado.",
        "code": "La alerta es {code}.",
        "several": "Le llama Upstander. {n} avisos de vida en peligro le necesitan y nadie los "
        "tiene.",
        "first": "El primero es {code}.",
    },
}
#: Said where more wait for one person than can be said at once.
_MORE: Mapping[str, Words] = {
    "en": {"one": "1 more is waiting for you.", "many": "{n} more are waiting for you."},
    "es": {"one": "1 más le espera.", "many": "{n} más le esperan."},
}
_OLDEST: Mapping[str, str] = {
    "en": "{more} The oldest has waited {minutes} minutes.",
    "es": "{more} El más antiguo espera desde hace {minutes} minutos.",
}
#: Below so many minutes it is not said how long: it is their turn within seconds.
_LONG_WAIT = 2
_LONG: Words = {
    "en": (
        "A tip needs someone to say “I have it”. Reference: {reference}.\n\n"
        "Say so here, without signing in:\n{answer}\n\n"
        "Sign in and open it:\n{tip}\n\n"
        "This message contains nothing that was written in the tip. Please do not reply by email.\n"
    ),
    "es": (
        "Un aviso necesita que alguien diga “lo tengo”. Referencia: {reference}.\n\n"
        "Dígalo aquí, sin iniciar sesión:\n{answer}\n\n"
        "Ábralo, con su sesión:\n{tip}\n\n"
        "Este mensaje no contiene nada de lo escrito. Por favor, no lo responda por correo.\n"
    ),
}
_MARK: Mapping[str, Words] = {
    "drill": {"en": "DRILL, THIS IS A TEST.", "es": "SIMULACRO, ES UNA PRUEBA."},
    "synthetic": {"en": "AUTOMATIC TEST.", "es": "PRUEBA DE RUTINA."},
}
_REPLY: Words = {
    "en": "Reply 1{code} I have it, 2{code} seen, 3{code} I can't.",
    "es": "Responda 1{code} lo tengo, 2{code} visto, 3{code} no puedo.",
}


def page(
    person: Person,
    *,
    for_id: UUID,
    reference: str,
    priority: str,
    subject_id: UUID,
    code: str,
    purpose: str = "page",
    now: bool = False,
    waiting: int = 0,
    waited: int = 0,
    untaken: int = 0,
) -> Outgoing:
    """Write a page of an alert (``for_id``) about a tip (``subject_id``) for every way out.

    ``now``: the reporter says that it is happening. ``waiting``: so many more alerts wait for this
    person, of which they are told one after the other; ``waited``: since how many minutes the
    oldest of them. ``untaken``: so many life-safety alerts nobody has, this one among them; a call
    says so. ``purpose`` drill and synthetic are announced as tests in every form.
    """
    language = staff_language(person.language)
    mark = _MARK.get(purpose, {}).get(language, "")
    fill = {"reference": reference, "code": code, "head": HEAD[language][priority]}
    several, spoken = untaken > 1 and priority == "life_safety", _SPOKEN[language]
    said = [spoken["several"].format(n=untaken) if several else spoken[priority]]
    if code:
        said.append(spoken["first" if several else "code"].format(code=" ".join(code)))
    if now:
        said.insert(2 if several else 1, spoken["now"])
    more = _more(waiting, language)
    if more and waited >= _LONG_WAIT:
        more = _OLDEST[language].format(more=more, minutes=waited)
    if more and not several:
        said.append(more)
    answer = f"/a/{answers.sign(person.pk, for_id)}"
    long = _LONG[language].format(
        reference=reference,
        answer=f"{settings.DESK_URL}{answer}",
        tip=f"{settings.DESK_URL}/tips/{subject_id}",
    )
    return Outgoing(
        purpose=purpose,
        for_id=for_id,
        title=_marked(mark, _TITLE[language][priority].format(**fill)),
        short=_marked(
            mark, f"{_SHORT[language]['now' if now else 'later'].format(**fill)} {more}".strip()
        ),
        spoken=_marked(mark, " ".join(said)),
        long=f"{mark}\n\n{long}" if mark else long,
        language=language,
        ask=True,
        code=code,
        # The system's own test phone answers all alike, and stands for nobody.
        needs_code=priority == "life_safety" and person.language != SILENT,
        urgent=priority == "life_safety",
        several=several,
        link_path=answer,
    )


def verification(language: str, code: str) -> Outgoing:
    """Write the message that carries a code by which somebody proves an address to be theirs."""
    spaced = ", ".join(code)
    language = staff_language(language)
    title, short, spoken = {
        "en": (
            "Your Upstander code",
            f"Upstander: your code is {code}. Type it on the page where you asked for it.",
            f"This is Upstander. Your code is: {spaced}. Once more: {spaced}.",
        ),
        "es": (
            "Su código de Upstander",
            f"Upstander: su código es {code}. Escríbalo en la página donde lo pidió.",
            f"Le llama Upstander. Su código es: {spaced}. Otra vez: {spaced}.",
        ),
    }[language]
    return Outgoing(
        purpose=Delivery.Purpose.VERIFY,
        for_id=None,
        title=title,
        short=gsm(short),
        spoken=spoken,
        long=f"{short}\n\nUpstander, {settings.DESK_URL}\n",
        language=language,
        urgent=True,
        link_path="",
    )


def how_to_reply(outgoing: Outgoing) -> str:
    """Return what a text that asks says about answering it; where a life is at stake, by code."""
    code = f" {outgoing.code}" if outgoing.needs_code else ""
    return _REPLY[staff_language(outgoing.language)].format(code=code)


def gsm(text: str) -> str:
    """Return a text in the letters of GSM 03.38, as far as Spanish and typography need it."""
    return text.translate(_GSM)


_GSM = str.maketrans(
    {
        "á": "a",
        "í": "i",
        "ó": "o",
        "ú": "u",
        "Á": "A",
        "Í": "I",
        "Ó": "O",
        "Ú": "U",
        "“": '"',
        "”": '"',
        "’": "'",
        "…": "...",
        "–": "-",
    }
)


def _marked(mark: str, text: str) -> str:
    return f"{mark} {text}" if mark else text


#: What a call says around its script: which keys to press, and what became of one.
CALL: Mapping[str, Words] = {
    "en": {
        "keys": "If you have it, press your own digit. If you can't, press 0. If you have seen "
        "it, press star. To hear this again, press pound.",
        "keys_several": "If you go to the desk to read them, press your own digit: you have the "
        "first one, and this phone doesn't ring for the others while you work there. If you can't, "
        "press 0. If you have seen them, press star. To hear this again, press pound.",
        "wrong": "That is not your digit.",
        "have_it": "Thank you. You have it for now. Sign in within one minute, or it may be "
        "passed on.",
        "have_it_several": "Thank you. You have the first one for now, and others are asked about "
        "the rest. Sign in within one minute, or this phone rings again.",
        "seen": "Noted as seen. Others are still being asked.",
        "cannot": "Noted that you can't. The next person is being asked now.",
        "over": "This call can no longer take an answer. Please use the link in the text or email.",
        "bye": "No key was pressed. Goodbye.",
    },
    "es": {
        "keys": "Si usted lo tiene, oprima su propio número. Si no puede, oprima 0. "
        "Si lo ha visto, oprima asterisco. Para oírlo otra vez, oprima la tecla de número (#).",
        "keys_several": "Si va a su puesto a leerlos, oprima su propio número: usted tiene el "
        "primero, y este teléfono no suena por los demás mientras trabaja allí. Si no puede, "
        "oprima 0. Si los ha visto, oprima asterisco. Para oírlo otra vez, oprima la tecla de "
        "número (#).",
        "wrong": "Ese no es su número.",
        "have_it": "Gracias. Por ahora usted lo tiene. Inicie sesión en un minuto o puede pasar a "
        "otra persona.",
        "have_it_several": "Gracias. Por ahora usted tiene el primero, y por los demás se pregunta "
        "a otras personas. Inicie sesión en un minuto o este teléfono vuelve a sonar.",
        "seen": "Anotado como visto. Se sigue preguntando a otras personas.",
        "cannot": "Anotado que no puede. Ahora se pregunta a la siguiente persona.",
        "over": "Esta llamada ya no admite respuesta. Use el enlace del mensaje o del correo.",
        "bye": "No se oprimió ninguna tecla. Adiós.",
    },
}


def in_call(key: str, language: str, *, several: bool) -> str:
    """Return what a call says around its script; ``several``: it tells of more than one alert."""
    words = CALL[language]
    return words.get(f"{key}_several", words[key]) if several else words[key]


#: What a call says whose alert somebody has by now: {more} is empty, or how many others wait.
_TAKEN: Words = {
    "en": "Somebody has this alert now, and you don't need to do anything about it. {more}",
    "es": "Alguien ya tiene esta alerta y usted no tiene que hacer nada con ella. {more}",
}


def taken(others: int, language: str) -> str:
    """Return what a call says whose alert somebody has by now; ``others``: how many still wait."""
    language = staff_language(language)
    return _TAKEN[language].format(more=_more(others, language)).strip()


def _more(waiting: int, language: str) -> str:
    return _MORE[language]["one" if waiting == 1 else "many"].format(n=waiting) if waiting else ""


#: What a text is answered with.
REPLIES: Mapping[str, Words] = {
    "en": {
        "have_it": "Noted for {code}: you have it for now. Sign in within one minute, or it may be "
        "passed on.",
        "seen": "Noted for {code}: seen. Others are still being asked.",
        "cannot": "Noted for {code}: you can't. The next person is being asked now.",
        "which": "Several alerts are open. Which one? Reply with its code, such as: 1 {code}. "
        "Open: {codes}.",
        "code": "A life may be in danger, so it needs its code: 1 {code} I have it, 3 {code} I "
        "can't.",
        "locked": "Too many wrong codes from this number. We are calling you now: answer there. "
        "Texts count again in an hour.",
        "no_code": "You have no alert with the code {code}. Check the text again.",
        "nothing": "Nothing is waiting for your answer.",
        "unclear": "Not understood. Reply 1 I have it, 2 seen, 3 I can't. To talk to someone, "
        "phone your center.",
        "started": "You will get texts from Upstander again.",
    },
    "es": {
        "have_it": "Anotado para {code}: por ahora usted lo tiene. Inicie sesión en un minuto o "
        "puede pasar a otra persona.",
        "seen": "Anotado para {code}: visto. Se sigue preguntando a otras personas.",
        "cannot": "Anotado para {code}: no puede. Ahora se pregunta a la siguiente persona.",
        "which": "Hay varias alertas abiertas. ¿Cuál? Responda con su código, como: 1 {code}. "
        "Abiertas: {codes}.",
        "code": "Puede haber una vida en peligro y hace falta su código: 1 {code} lo tengo, "
        "3 {code} no puedo.",
        "locked": "Demasiados códigos equivocados desde este número. Le llamamos ahora: responda "
        "allí. Los mensajes valen otra vez en una hora.",
        "no_code": "Ninguna alerta suya tiene el código {code}. Mire el mensaje otra vez.",
        "nothing": "Nada espera su respuesta.",
        "unclear": "No se entiende. Responda 1 lo tengo, 2 visto, 3 no puedo. Para hablar con "
        "alguien, llame a su centro.",
        "started": "Vuelve a recibir mensajes de Upstander.",
    },
}


#: So many codes one text lists, and what it says of the others.
_CODES = 3
_MORE_CODES = {"en": ", and {n} more: open the queue", "es": " y {n} más: abra la lista"}
#: The language of a phone that answers by itself: our answer to its answer would never end.
SILENT = "none"


def reply(result: str, language: str, *, code: str = "", codes: Sequence[str] = ()) -> str:
    """Return what a text is answered with; empty where silence is the answer.

    Of ``codes``, the most urgent and newest first, a phone's screen holds a few.
    """
    if language == SILENT:
        return ""
    language, listed = staff_language(language), ", ".join(codes[:_CODES])
    if len(codes) > _CODES:
        listed += _MORE_CODES[language].format(n=len(codes) - _CODES)
    words = REPLIES[language].get(result, "")
    return gsm(words.format(code=code or (codes[0] if codes else "?"), codes=listed))


#: The page behind a page's link.
ANSWER_PAGE: Mapping[str, Words] = {
    "en": {
        "title": "New alert: please respond",
        "title_said": "Alert: how it stands",
        "lead": "Someone must take it. Your answer counts immediately; you don’t need to sign in.",
        "now": "REPORTED AS NOW. No one has checked this.",
        "have_it": "I have it",
        "seen": "Seen: keep asking others",
        "cannot": "I can't: ask the next person now",
        "said_have_it": "Noted: you have it for now.",
        "said_seen": "Noted: you have seen it. Others are still being asked.",
        "said_cannot": "Noted: you can't. The next person is being asked now.",
        "taken": "{name} has had it since {when}. You don’t need to do anything.",
        "mine_until": "Noted: you have had it since {when}. Sign in and write down your next step "
        "before {until}, or it may be passed on.",
        "mine": "You have had it since {when}. Sign in and write down your next step.",
        "ended": "This alert has ended. You don’t need to do anything.",
        "faster": "If someone else took it first, Upstander shows who has it.",
        "sign_in": "Sign in",
        "again": "You can still change your answer:",
        "over_title": "This link has expired",
        "over": "It was valid for one day. Sign in to see what is waiting for you.",
    },
    "es": {
        "title": "Una alerta le pregunta",
        "title_said": "Alerta: cómo está",
        "lead": "Alguien debe tomarla. Su respuesta cuenta de inmediato, sin iniciar sesión.",
        "now": "DICEN QUE ES AHORA. Nadie lo ha comprobado.",
        "have_it": "Lo tengo",
        "seen": "Visto, que se siga preguntando",
        "cannot": "No puedo: pregunten ya a la siguiente persona",
        "said_have_it": "Anotado: por ahora usted lo tiene.",
        "said_seen": "Anotado: lo ha visto. Se sigue preguntando a otras personas.",
        "said_cannot": "Anotado: no puede. Ahora se pregunta a la siguiente persona.",
        "taken": "{name} lo tiene. Desde: {when}. Usted no tiene que hacer nada.",
        "mine_until": "Anotado: usted lo tiene. Desde: {when}. Hasta: {until}. Inicie sesión antes "
        "y escriba el próximo paso, o puede pasar a otra persona.",
        "mine": "Usted lo tiene. Desde: {when}. Inicie sesión y escriba el próximo paso.",
        "ended": "Esta alerta ha terminado. Usted no tiene que hacer nada.",
        "faster": "Si alguien fue más rápido, Upstander muestra quién lo tiene.",
        "sign_in": "Iniciar sesión",
        "again": "Todavía puede cambiar su respuesta:",
        "over_title": "Este enlace ya venció",
        "over": "Servía durante un día. Inicie sesión para ver lo que le espera.",
    },
}
