"""Ilse leads a team in another district: whatever she tries, she learns nothing of Maple Valley."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.phone import Phone
from tests.servers import System
from upstander.config.database import Role

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

#: Of the other district: its schools, people, and what its children wrote.
THEIRS = (
    "Cedar Middle",
    "Birch High",
    "Maple Valley",
    "Miriam Vale",
    "Tomás Rivera",
    "Owen Pryce",
    "miriam@maple.example",
    "Door 7",
    "door by the gym",
)


def test_a_stranger_sees_and_finds_nothing(system: System, desk: Callable[..., Page]) -> None:
    sent = Phone(system.public_port).send_tip("Only for Cedar.", school="Cedar Middle School")
    assert sent.code is not None
    with system.sign_in(Role.OWNER) as owner:
        tips = owner.execute("SELECT id, reference FROM tips_tip").fetchall()
        others = owner.execute(
            "SELECT 'people/teams/' || t.id FROM people_team t"
            " LEFT JOIN places_school s ON s.id = t.school_id WHERE s.slug IS DISTINCT FROM"
            " 'quay-high' UNION ALL SELECT 'posters/' || id || '/en/us-letter' FROM places_school"
            " WHERE slug <> 'quay-high' UNION ALL (SELECT 'alerts/' || id || '/answer'"
            " FROM escalations_alert ORDER BY opened_at LIMIT 20)"
        ).fetchall()
    assert len(tips) > 5
    page = desk("ilse@harbor.example")

    # Wherever the rail leads, and whatever stands there.
    places = page.locator("nav[aria-label=Main] a").evaluate_all("all => all.map(a => a.href)")
    assert len(places) >= 2
    for place in places:
        page.goto(place)
        shown = page.content()
        assert not [word for word in THEIRS if word in shown], place
        assert not [ref for _, ref in tips if ref in shown], place

    # Any address of theirs, guessed or copied from somebody's screen.
    for tip, reference in tips[:8]:
        for path in ("tips/{}", "tips/{}/parts", "team/{}", "tips/{}/assess", "tips/{}/handoff"):
            answer = page.request.get(f"{system.desk}/{path.format(tip)}", max_redirects=0)
            assert answer.status in (302, 403, 404), path
            assert reference not in answer.text()
        # Following the redirect of a shared link ends before a closed door.
        assert page.request.get(f"{system.desk}/tips/{tip}").status == 404
    for (path,) in others:
        answer = page.request.get(f"{system.desk}/{path}/".replace("letter/", "letter"))
        assert answer.status in (403, 404, 405), path

    # Searching, filtering, paging, exporting.
    for query in ("queue?find={}", "team?closed=1&find={}", "record?tip={}", "record.jsonl?q={}"):
        wanted = str(tips[0][1])
        found = page.request.get(f"{system.desk}/{query.format(wanted)}").text()
        echoed = (f'value="{wanted}"', f"tip={wanted}", f"find={wanted}")
        for said in echoed:
            found = found.replace(said, "")
        assert wanted not in found, query
    record = page.request.get(f"{system.desk}/record.jsonl").text()
    assert not [tip for tip, _ in tips if str(tip) in record]

    # Nor does the live stream speak of it.
    heard = page.evaluate(
        """async () => {
            const stream = await fetch('/live', {headers: {accept: 'text/event-stream'}});
            if (!stream.ok || !stream.body) return String(stream.status);
            const reader = stream.body.getReader(), said = [];
            const stop = setTimeout(() => reader.cancel(), 1500);
            for (let part; !(part = await reader.read()).done;) {
                said.push(new TextDecoder().decode(part.value));
            }
            clearTimeout(stop);
            return said.join('');
        }"""
    )
    assert not [tip for tip, _ in tips if str(tip) in heard]
