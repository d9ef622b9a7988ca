"""Given names that are words too, in small letters: met where grammar makes them a person."""

from __future__ import annotations

from typing import Final

import pytest

from upstander.matters.people_near import Near
from upstander.people.roles import Role, TeamKind
from upstander.tips.whom import people_met, words_that_meet

STAFF: Final = tuple(
    Near(number, name, Role.STAFF_MEMBER, 1, "Staff", TeamKind.STAFF, 1, 1)
    for number, name in enumerate(
        [
            *("Grace Hallam", "Rosa Ferreira", "Will Ortega", "Hope Lindqvist", "Mark Tessier"),
            *("May Okonjo", "Joy Abernathy", "Faith Dubois", "Summer Vance", "Chance Kowalczyk"),
            *("Dean Morrow", "Art Pellegrini", "Miriam Vale"),
        ]
    )
)
#: How a child writes it, and whom it means.
PERSON: Final = {
    "Grace Hallam": (
        "grace touches me",
        "grace touched me in the locker room",
        "it was grace",
        "its grace she does it",
        "she is called grace",
        "i dont want to be alone with grace",
        "grace my counselor hugs me too long",
        "in grace's office the door gets locked",
        "in graces room",
        "me and grace were alone",
        "i told grace and she laughed",
        "grace always hits kids",
        "grace",
        "grace put her hand up my shirt",
        "there is a lady named grace at school who scares me",
        "she goes in the closet with grace every day",
        "grace makes me sit on her lap",
        "why does grace get to do that",
        "can you please make grace stop",
        "i dont like grace",
        "i dont like how grace looks at me",
        "my friend says grace is weird and grabs people",
        "grace did it to my brother too",
        "please dont tell grace",
        "grace locked me in the supply closet",
        "this is about grace",
        "grace doesnt stop when i say no",
        "the one who does it is grace",
        "on fridays grace drives me home and touches my leg",
        "please fire grace",
    ),
    "Rosa Ferreira": (
        "with rosa",
        "rosa me toca",
        "fue rosa",
        "tengo miedo de rosa",
        "le dije a rosa que no",
        "rosa siempre nos pega",
        "no quiero estar con rosa",
        "rosa le pega a los niños",
        "rosa me grita todos los dias",
        "me da miedo rosa",
        "rosa es mala con nosotros",
        "la señora rosa",
        "rosa toca a mi hermana",
        "no digan nada a rosa",
        "rosa encerro a mi hermano",
        "rosa nos obliga a quedarnos",
        "me lo hizo rosa",
    ),
    "Will Ortega": (
        "mr will",
        "will hits me",
        "will touched my sister",
        "yesterday will grabbed me by the arm",
        "i am scared of will",
        "the texts are from will",
        "will is a creep",
        "will hurt me in the gym",
        "will's car",
        "will follows me to the bathroom",
        "will sent me a nude",
        "will wont stop texting me",
        "my bus aide will touched me",
        "dont let will see this",
        "can someone talk to will about it",
        "will asks for pictures",
    ),
    "Hope Lindqvist": (
        "hope kissed a girl from my class",
        "hope was mean and then she pushed him",
        "talk to hope she knows",
        "i got hit by hope",
        "hope slapped me",
        "hope is always mean",
        "hope texts me at night",
        "the thing hope did was bad",
        "keep this from hope",
        "hope pulled my hair so hard",
        "hope, the aide",
    ),
    "Mark Tessier": (
        "mark takes pictures of us",
        "when mark came in he shut the door",
        "mark who drives our bus",
        "mark hit me",
        "mark is touching my cousin",
        "mark told me not to say anything",
        "i think mark hurts kids",
        "mark punches kids on the team",
        "mark watches us change",
        "my abuser is mark",
    ),
    "May Okonjo": (
        "may yells at us and throws things",
        "may pinched him",
    ),
    "Joy Abernathy": (
        "joy and i were in the car",
        "joy pushed my friend down the stairs",
        "joy hits students with a ruler",
    ),
    "Faith Dubois": (
        "faith said dont tell",
        "faith in the office gave me beer",
        "faith kept me there until 6",
    ),
    "Summer Vance": (
        "summer gives me rides home",
        "summer lets boys smoke",
    ),
    "Chance Kowalczyk": (
        "everybody hates chance because he hurts us",
        "chance buys us beer",
        "chance and my cousin",
    ),
    "Art Pellegrini": (
        "because art keeps me after class",
        "art sends pictures to girls",
        "art showed me a video",
    ),
}
#: The word as a word, or a place.
WORD: Final = (
    "the grace period ends on friday",
    "Grace period",
    "Grace period is over, she said",
    "they say grace before lunch",
    "she fell from the stairs with little grace",
    "i hope you read this",
    "hope this helps",
    "Hope you can help her",
    "i lost all hope",
    "there is no hope for me",
    "i hope he stops",
    "will he get in trouble",
    "will my mom know",
    "Will you tell my parents",
    "he will hurt me if i tell",
    "my mom will hit me",
    "the coach will touch her again",
    "someone will get hurt and will need help",
    "Will call again tomorrow",
    "they will be at the park at noon",
    "what will happen to me",
    "mi camisa rosa se rompió",
    "tiene el pelo rosa",
    "una mochila de color rosa",
    "la rosa estaba en la mesa",
    "lleva una chaqueta rosa y botas",
    "vestida de rosa",
    "there is a mark on my arm",
    "he left a red mark when he hit me",
    "please mark it as read",
    "she may be hurt",
    "in may we moved here",
    "may i come back later",
    "it brings me joy",
    "in summer school he was nice",
    "last summer he hit me",
    "art class is boring",
    "we had art and then math",
    "i found it by chance",
    "give him a chance",
    "the dean is nice",
    "my faith helps me",
    "lives in the valley",
    "she lives down in the valley with her aunt",
    "will you help me",
    "it will be ok",
    "mom said dad will kill me",
    "that will hurt her",
    "i think he will do it again",
    "my teacher will see",
    "hope so",
    "i hope my mom is ok",
    "hope everything gets better",
    "hoping grace is given to us",
    "mark the door",
    "on your mark",
    "marks on her neck",
    "she may have told",
    "it may be on friday",
    "may be it was him",
    "faith in god",
    "i have faith that you help",
    "the joy of it",
    "summer break starts soon",
    "during summer he touched me",
    "since last summer",
    "art room",
    "after art class he hit me",
    "in art he threw paint",
    "no chance he stops",
    "take a chance",
    "Hope to hear from you soon",
    "Will be there at noon",
    "May we call you",
    "Mark it as urgent",
    "Art supplies are missing",
    "Summer camp was bad",
    "flor rosa",
    "pintó la pared rosa",
    "un lápiz rosa y otro azul",
    "la goma rosa me gusta",
    "falda rosa",
    "Grace period applies to the fee",
    "there was a chance to run",
    "whoever will listen",
    "this will help her",
    "nobody will believe me",
    "the kids will tell you",
    "his friends will hurt me",
    "her mom and dad will be mad",
    "if i tell will it stop",
    "when will it stop",
    "and will he go to jail",
    "so hope he stops",
    "if it happens again will you come",
    "how long will it take",
    "the police will come",
    "will there be a meeting",
    "nothing will change",
    "who will read this",
    "i hope that is ok",
    "my only hope is you",
    "lost hope when he left",
    "chance of rain",
    "there is no chance",
    "by any chance is he gone",
    "mark on the wall",
    "he will mark me absent",
    "it may happen again",
    "someone may get hurt",
    "next may he graduates",
    "fun art project",
    "he did art with us",
    "the summer heat",
    "summer starts monday",
    "enjoy the summer",
    "have faith in us",
    "she was joy to everyone",
    "las rosas y la rosa blanca",
    "rosa claro",
    "Mark this tip as urgent",
    "Hope all is well",
    "May need a ride",
)
#: Asked about for nothing, still: position alone can't tell.
ASKED: Final = ("Faith based program", "Joy ride in his car", "hope is gone")
NAMES: Final = {one.person_id: one.name for one in STAFF}


@pytest.mark.parametrize(
    ("text", "name"), [(text, name) for name, texts in PERSON.items() for text in texts]
)
def test_a_name_that_is_a_word_is_met_in_small_letters_where_it_is_somebody(
    text: str, name: str
) -> None:
    assert [NAMES[one] for one in people_met(text, STAFF)] == [name]
    one = next(one for one in STAFF if one.name == name)
    assert words_that_meet(text, one)


@pytest.mark.parametrize("text", WORD)
def test_the_word_as_a_word_asks_about_nobody(text: str) -> None:
    assert [NAMES[one] for one in people_met(text, STAFF)] == []


def test_few_of_them_are_asked_about_for_nothing() -> None:
    assert all(people_met(text, STAFF) for text in ASKED)
    assert (sum(map(len, PERSON.values())), len(WORD), len(ASKED)) == (100, 123, 3)
