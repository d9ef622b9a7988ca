"""One person presses the same button twice, or two browsers do at once: it is done once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from uuid import UUID

from django.db import connection

from conftest import Cast
from tests.waiting import PATIENCE
from upstander.cases.actions.opening import NewCase, open_case
from upstander.cases.models import Case, CaseClosing

WORDS = "We spoke with all of them, and it has stopped."


def a_case(cast: Cast) -> UUID:
    wanted = NewCase(Case.Concern.BULLYING, "It goes on for weeks.", cast.teams["cedar"].pk)
    return open_case(cast.viewer("tara"), wanted)


def test_two_presses_at_once_close_a_case_once_and_keep_the_others_words(
    committed_cast: Cast,
) -> None:
    case = a_case(committed_cast)
    clients = {name: committed_cast.client(name) for name in ("tara", "tom")}
    together = threading.Barrier(2)

    def press(name: str) -> tuple[int, str, str]:
        try:
            together.wait(PATIENCE)
            words = f"{name} says: {WORDS}"
            sent = {"disposition": "resolved", "words": words}
            answer = clients[name].post(f"/cases/{case}/close", sent)
            return answer.status_code, words, unescape(answer.content.decode())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(press, clients))
    assert [status for status, _words, _page in answers] == [302, 422]
    _status, words, page = answers[1]
    assert words in page, "whoever was slower has their words still"
    assert CaseClosing.objects.filter(case_id=case).count() == 1


def test_a_second_press_is_refused_in_words(committed_cast: Cast) -> None:
    case = a_case(committed_cast)
    tara = committed_cast.client("tara")
    sent = {"disposition": "resolved", "words": WORDS}
    assert tara.post(f"/cases/{case}/close", sent).status_code == 302
    again = tara.post(f"/cases/{case}/close", sent)
    assert again.status_code == 422
    assert CaseClosing.objects.filter(case_id=case).count() == 1
    assert tara.post(f"/cases/{case}/reopen", {"words": WORDS}).status_code == 302
    again = tara.post(f"/cases/{case}/reopen", {"words": WORDS})
    assert again.status_code == 422
    assert WORDS in unescape(again.content.decode())
