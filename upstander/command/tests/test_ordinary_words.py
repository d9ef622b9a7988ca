"""How often ordinary words are asked about for nothing: the demo's staff, 40 made-up texts."""

from __future__ import annotations

from typing import Final

import pytest

from upstander.command import demo_data
from upstander.matters.people_near import Near
from upstander.people.roles import Role, TeamKind
from upstander.tips.place_words import without_places
from upstander.tips.whom import met_in, people_met

PLACES: Final = (
    "Lakeside Crisis Center",
    "Maple Valley Schools",
    "Maple Valley",
    "Maple Valley Emergency Communications",
    "Cedar Middle School",
    "12 Orchard Lane",
    "Birch High School",
    "300 Mill Road",
    "Alder Elementary School",
    "8 Brook Street",
)
#: Notes, briefs and replies as a center and a team write them, and tips; nobody is named in them.
ORDINARY: Final = (
    "WHERE: Cedar Middle School, 12 Orchard Lane, Maple Valley (the school's address)",
    "WHERE: Birch High School, 300 Mill Road, Maple Valley. WHAT: a threat in a group chat.",
    "Called the mother at 8:40. She picks him up at noon and stays with him tonight.",
    "Rang home twice, nobody there. I try again after third period.",
    "The student is in the nurse's room now, calm, and has eaten something.",
    "Left a message with the front desk. They call back before the bell.",
    "Grade 8, plays drums. Gave his headphones away on Monday. Please look in on him today.",
    "Two girls write cruel things to her each night. Screenshots are in the files.",
    "Spoke with the reporter for ten minutes. They feel safer and will write again tomorrow.",
    "He told me that he doesn't want to go home. I stayed with him until his aunt came.",
    "No weapon was seen. The picture is from a video game, the reporter thinks.",
    "We checked the bathroom on the second floor and the bus stop. Nothing was found.",
    "Asked about the plan, the means and the time. No plan. Some thoughts, mostly at night.",
    "Mobile crisis is on its way and should arrive within the hour.",
    "Thank you for writing. You did the right thing. Are you somewhere safe right now?",
    "I am glad that you told us. Nobody at school learns who you are.",
    "Can you tell me more about what happened on the bus, and when it began?",
    "Is there a grown-up whom you trust and could talk with today?",
    "Please call 988 if it gets worse tonight. Somebody is there at any hour.",
    "The vape came from an older boy. Three students were sick, one was taken to hospital.",
    "Follow up on Thursday: attendance, lunch, and whether the messages have stopped.",
    "Safety plan was made with the family. Medication is locked away; a cousin checks in daily.",
    "The reporter isn't sure about the name. Ninth grade, tall, wears a gray hoodie.",
    "Custody papers are in the office. The father may not pick her up.",
    "They were fighting in the parking lot behind the gym after the game on Friday.",
    "A rumor about Friday goes round online. It may be a joke; it didn't feel like one.",
    "Counselor meets the student weekly. Grades went down since the move in October.",
    "Own words sent along, since the phrase about the roof matters for the assessment.",
    "Moved her seat and her locker. A teacher walks with her between classes this week.",
    "This was sent twice from the same page; the second one only adds the room number.",
    "Llamé a la madre a las nueve. Viene por él al mediodía y se queda con él esta noche.",
    "La alumna está tranquila en la enfermería y ya comió algo.",
    "Gracias por escribir. Hiciste lo correcto. ¿Estás en un lugar seguro ahora?",
    "¿Puedes contarme más de lo que pasó en el autobús y cuándo empezó?",
    "Le escriben cosas crueles todos los días y ya no quiere venir a la escuela.",
    "No vimos ningún arma. La foto es de un juego, según quien reporta.",
    "La familia guarda las medicinas con llave. Un primo lo acompaña a casa cada tarde.",
    "Vive cerca de Maple Valley y toma el autobús de la mañana con su hermana.",
    "Hablamos del plan y de la hora. No hay plan; piensa en eso por la noche.",
    "Pregunta si puede volver a escribir el domingo. Le dije que sí, a cualquier hora.",
)
#: What must be asked about all the same, by whom it means.
MEANT: Final = {
    "ms vale hits us": "Miriam Vale",
    "Valle did it, in Maple Valley": "Miriam Vale",
    "Tomás Rivera did this, the pupil told me.": "Tomás Rivera",
    "mr rivero again": "Tomás Rivera",
    "owen price keeps her after practice": "Owen Pryce",
    "grace halam knows of it": "Grace Hallam",
    "Fue la maestra Baile, la de Maple Valley": "",
    "Mrs. Whitlok from Maple Valley Schools": "Dana Whitlock",
    "ask Ben why": "Ben Castellano",
    "ruth saw it and laughed": "Ruth Amsel",
}


def near() -> list[Near]:
    """Return the demo's staff, all as colleagues of one team."""
    return [
        Near(number, name, Role(role), 1, team, TeamKind.SCHOOL, 1, 1, (mail,))
        for number, (name, mail, team, role, _told) in enumerate(demo_data._PEOPLE)
    ]


def test_forty_ordinary_texts_ask_about_nobody() -> None:
    people = near()
    names = {one.person_id: one.name for one in people}
    asked = {
        text: [names[one] for one in people_met(without_places(text, PLACES, people), people)]
        for text in ORDINARY
    }
    false = {text: met for text, met in asked.items() if met}
    assert len(ORDINARY) == 40
    assert not false


#: Addresses as schools give them, of which none says a name that a common text holds.
ADDRESSES: Final = (
    *("office@maple.example", "cedar.frontdesk@maple.example", "principal@maple.example"),
    *("counselor2@maple.example", "title.nine@maple.example", "school-nurse@maple.example"),
    *("athletics@maple.example", "bus.garage@maple.example", "info@maple.example", "7@m.example"),
    *("m.hallam@maple.example", "rlowe@maple.example", "band.teacher@maple.example"),
)


def test_nor_do_addresses_of_offices() -> None:
    people = [
        Near(number, "Ilka Quist", Role.TEAM_MEMBER, 1, "cedar", TeamKind.SCHOOL, 1, 1, (mail,))
        for number, mail in enumerate(ADDRESSES)
    ]
    met = {
        text: [ADDRESSES[one] for one in people_met(without_places(text, PLACES, people), people)]
        for text in ORDINARY
    }
    assert not {text: found for text, found in met.items() if found}


def test_of_abuse_few_of_them_ask_about_an_office_either() -> None:
    people = near()
    false = [
        text for text in ORDINARY if met_in(without_places(text, PLACES, people), people).people
    ]
    assert not false


@pytest.mark.parametrize(("text", "name"), MEANT.items())
def test_whoever_is_meant_is_asked_about_beside_the_names_of_places(text: str, name: str) -> None:
    people = near()
    names = {one.person_id: one.name for one in people}
    met = [names[one] for one in people_met(without_places(text, PLACES, people), people)]
    assert name in met or not name
