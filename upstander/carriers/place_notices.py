"""What somebody is told of places and what is listed for them: the directory, a move, a break."""

from __future__ import annotations

from collections.abc import Mapping

from upstander.carriers.models import Channel
from upstander.carriers.notice_kinds import AT_ONCE, BY_PHONE, Kind

#: The directory of helping services, for its keepers.
_DIRECTORY: Mapping[str, Kind] = {
    "agency_silent": Kind(
        "An agency that you referred somebody to was asked twice and has not answered. Please "
        "call it.",
        "Un servicio al que usted derivó a alguien fue consultado dos veces y no responde. "
        "Llámelo, por favor.",
        path="/contacts",
    ),
    "services_due": Kind(
        "{number} helping services that you keep should be checked again: call, and confirm.",
        "Debe volver a comprobar {number} servicios de ayuda a su cargo: llame y confirme.",
        path="/services",
    ),
    "services_came": Kind(
        "A source of helping services says {number} things that stand otherwise: say yes or no.",
        "Una fuente de servicios de ayuda dice {number} cosas distintas: acepte o rechace.",
        path="/services/import",
    ),
    "source_refused": Kind(
        "A feed of helping services that you added leads into a private network, or not by https."
        " It was not read and is not kept.",
        "Una fuente de servicios de ayuda que usted agregó lleva a una red privada o no usa https."
        " No se leyó ni se guarda.",
        path="/services/import",
    ),
}

#: Another center is to answer for a district, or does now.
_MOVES: Mapping[str, Kind] = {
    "move_asked": Kind(
        "Another center is to read a district’s tips. A supervisor at the current center decides.",
        "Otro centro va a leer los avisos de un distrito. Decide la supervisión del centro actual.",
        path="/approvals",
        team_path="/",
        urgent=True,
        ways=AT_ONCE,
    ),
    "move_signed": Kind(
        "Another center now reads a district’s tips. If you didn’t know, call the district.",
        "Desde ahora otro centro lee los avisos de un distrito. ¿No lo sabía? Llame al distrito.",
        path="/approvals",
        team_path="/",
        urgent=True,
        ways=AT_ONCE,
    ),
    "move_ended": Kind(
        "The request for another center to read a district’s tips was declined or withdrawn.",
        "Que otro centro lea los avisos de un distrito se rechazó o se retiró.",
        path="/approvals",
        team_path="/",
        urgent=True,
        ways=AT_ONCE,
    ),
}

#: A course is due or late: by mail alone, as no phone need ring for it.
_BY_MAIL = (Channel.EMAIL,)
_TRAINING: Mapping[str, Kind] = {
    "training_due": Kind(
        "A training course of yours is due: {at}.",
        "Tiene un curso de formación por hacer: {at}.",
        path="/training/own",
        ways=_BY_MAIL,
    ),
    "training_late": Kind(
        "A training course of yours is late. It was due: {at}.",
        "Tiene un curso de formación atrasado. Vencía: {at}.",
        path="/training/own",
        ways=_BY_MAIL,
    ),
    "training_late_school": Kind(
        "People at your school have been late with a training course for two weeks or more.",
        "Hay personas de su escuela con un curso atrasado desde hace dos semanas o más.",
        path="/training",
        ways=_BY_MAIL,
    ),
    "training_late_district": Kind(
        "People in your district have been late with a training course for a month or more.",
        "Hay personas de su distrito con un curso atrasado desde hace un mes o más.",
        path="/training",
        ways=_BY_MAIL,
    ),
}

#: What places and what is listed for them need.
PLACE: Mapping[str, Kind] = {
    **_DIRECTORY,
    **_MOVES,
    **_TRAINING,
    "break_alone": Kind(
        "{person} takes a break, and nobody else of {team} who is on call can be rung. Please be "
        "there.",
        "{person} hace una pausa y no se puede llamar a nadie más de guardia de {team}. Por favor, "
        "esté disponible.",
        urgent=True,
        ways=BY_PHONE,
        path="/oncall",
    ),
}
