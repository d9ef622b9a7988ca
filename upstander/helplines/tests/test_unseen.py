"""No road of anybody else's tells that a person came: tables, lists, counts, pages, the record."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.config.home import Home
from upstander.escalations.tests.alerts import Carrier, carrier, taken_back
from upstander.helplines.actions import accompaniments as actions
from upstander.helplines.actions import clients
from upstander.helplines.actions.accompaniments import State
from upstander.helplines.tests.setup import NAME, NOTE, OTHERS, agency, row, sweep, whole
from upstander.oncall.actions.own import make_feed
from upstander.people.scope import viewing
from upstander.plug import rail

pytestmark = pytest.mark.django_db
__all__ = ["carrier"]
#: What changes with any act of anybody's, and is not told by it.
_SIGNED_IN = ("people_staffsession",)


def seen_by(cast: Cast, who: str) -> dict[str, str]:
    """Return a digest of all rows that somebody may read, of each table, in their columns."""
    viewer = cast.viewer(who)
    with viewing(viewer), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, string_agg(quote_ident(a.attname), ',' ORDER BY a.attnum)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
            " AND NOT a.attisdropped WHERE c.relkind IN ('r', 'p', 'v')"
            " AND c.relnamespace = 'public'::regnamespace"
            " AND has_column_privilege(c.oid, a.attnum, 'SELECT') GROUP BY 1"
        )
        tables = [(name, names) for name, names in cursor.fetchall() if name not in _SIGNED_IN]
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', md5(string_agg(r::text, chr(10) ORDER BY r::text))"
                f" FROM (SELECT {names} FROM {name}) r"
                for name, names in tables
            )
        )
        return dict(cursor.fetchall())


_MORE = st.lists(
    st.sampled_from(["accept", "cannot", "arrived", "left", "safe", "off", "sweep"]), max_size=5
)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(more=_MORE)
def test_rows_of_everybody_else_stay_as_they_were(
    cast: Cast, carrier: Carrier, more: list[str]
) -> None:
    with taken_back():
        here = agency(cast)
        before = {who: seen_by(cast, who) for who in OTHERS}
        own = seen_by(cast, "joss")
        _, along = whole(here)
        joss = cast.viewer("joss")
        for act in more:
            stands = row(along).state
            if act == "sweep":
                sweep()
            elif act == "accept" and stands == State.WAITING:
                actions.accept(joss, along)
            elif act == "cannot" and stands in (State.WAITING, State.ACCEPTED):
                actions.cannot(joss, along)
            elif act == "off" and stands in (State.WAITING, State.ACCEPTED):
                actions.call_off(joss, along)
            elif (stands, act) in {
                ("accepted", "arrived"),
                ("arrived", "left"),
                ("left", "safe"),
            }:
                actions.step(joss, along, State(act))
        for who in OTHERS:
            after = seen_by(cast, who)
            assert {name for name in after if after[name] != before[who].get(name)} == set(), who
        changed = seen_by(cast, "joss")
        assert {"helplines_client", "audit_entry"} <= {
            name for name in changed if changed[name] != own.get(name)
        }, "and the agency's own do change"


#: What never is the same twice: what guards a form, and how late it is.
_FRESH = re.compile(
    r'((?:csrfmiddleware)?token" value|nonce|data-since|data-printed)="[^"]*"'
    r"|(?<=>)[^<]*(?=</time>)"
)
_SEARCHES = ("/queue?find={}", "/people?q={}")


def answers_to(cast: Cast, who: str, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give what each page of the desk and each search answers somebody, without what is drawn."""
    client = cast.client(who)
    for path in (
        *dict.fromkeys(["/", "/people/me/", *(item.path for item in rail())]),
        *(search.format(word) for search in _SEARCHES for word in words),
    ):
        answer = client.get(path, follow=True)
        shown = "" if answer.streaming else answer.content.decode(errors="replace")
        yield path, f"{answer.status_code} {_FRESH.sub('', shown)}"


def test_lists_and_searches_answer_as_before(cast: Cast, carrier: Carrier) -> None:
    """And no page names the client, who goes along, or what that is called."""
    here = agency(cast)
    words = (NAME, "advocate", NOTE.split()[0], here.district.name, "A-")
    for who in OTHERS:
        with taken_back():
            first, again = (dict(answers_to(cast, who, words)) for _ in range(2))
            one, along = whole(here)
            clients.list_clients(cast.viewer("ines"))
            actions.accept(cast.viewer("joss"), along)
            sweep(2)
            tells = [NAME, str(one), str(along), row(along).reference]
            then = dict(answers_to(cast, who, words))
        # Some pages tell of one's own reading, of the second, or draw an id: they say nothing here.
        steady = [path for path in first if first[path] == again[path]]
        assert [path for path in steady if then[path] != again[path]] == [], who
        drawn = {"/record", "/today", "/", "/people/me", "/people/me/", "/take-down"}
        assert set(first) - set(steady) <= drawn, who
        assert [path for path in steady if "?" in path], who
        assert len([path for path in then if then[path].startswith("200 ")]) > 2, who
        for path, shown in then.items():
            # What is searched for stands in its field.
            named = [word for word in tells if word in shown and word not in path]
            assert named == [], (who, path)


def test_calendar_of_everybody_else_stays(cast: Cast, carrier: Carrier) -> None:
    here = agency(cast)
    on_call = [one for one in OTHERS if one != "otto"]  # no police is on call
    paths = {who: f"/oncall/feed/{make_feed(cast.viewer(who))}.ics" for who in on_call}

    def feed(path: str) -> bytes:
        answer = Browser(HTTP_HOST="localhost").get(path)
        assert answer.status_code == 200
        return bytes(answer.content)

    before = {who: feed(path) for who, path in paths.items()}
    _, along = whole(here)
    actions.accept(cast.viewer("joss"), along)
    sweep(2)
    assert {who: feed(path) for who, path in paths.items()} == before


def test_listing_of_a_backup_stays(cast: Cast, carrier: Carrier) -> None:
    """Beside the database it lists files, pins and keys by month: none is a client's."""
    here, home = agency(cast), Home.from_env()
    whole(here)

    def listed() -> set[str]:
        every = (place.rglob("*") for place in (home.files, home.keys, home.pins))
        return {str(path.relative_to(home.root)) for found in every for path in found}

    before = listed()
    whole(here)
    sweep(2)
    assert listed() == before
