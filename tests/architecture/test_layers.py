"""What looks through the SQL for reaches past a layer finds each kind of them."""

from __future__ import annotations

import pytest

from upstander.schema.layers import HOOKS, Text, order_of, shipped, violations

ORDER = ["vault", "places", "register", "retention"]
TABLES = {
    "vault_grant": "vault",
    "people_team": "places",
    "account_emailaddress": "places",
    "register_entry": "register",
    "retention_hold": "retention",
}
#: What a higher and a lower layer offer.
ABOVE = Text("retention", "above.sql", "CREATE OR REPLACE FUNCTION retention_held(p_id uuid) ...")
BELOW = Text("vault", "below.sql", "CREATE OR REPLACE FUNCTION api.keep(a int, b int, c int) ...")


def _found(app: str, sql: str) -> list[tuple[int, str]]:
    text = Text(app, "made-up.sql", sql)
    return [(one.line, one.rule) for one in violations([text, ABOVE, BELOW], TABLES, ORDER)]


@pytest.mark.parametrize(
    ("app", "sql", "rule"),
    [
        ("places", "INSERT INTO vault_grant VALUES (1)", "writes another's table"),
        ("places", "UPDATE vault_grant SET blob = ''", "writes another's table"),
        ("places", "UPDATE ONLY vault_grant SET blob = ''", "writes another's table"),
        ("places", "DELETE FROM\n    public.vault_grant", "writes another's table"),
        ("vault", "DELETE FROM retention_hold", "writes another's table"),
        ("register", "INSERT INTO account_emailaddress VALUES (1)", "writes another's table"),
        ("register", "SELECT 1 FROM retention_hold", "reads up"),
        ("register", "LOCK TABLE retention_hold IN SHARE MODE", "reads up"),
        ("vault", "DECLARE t people_team%ROWTYPE;", "reads up"),
        ("vault", "SELECT 1 FROM vault_grant g, people_team t", "reads up"),
        ("register", "SELECT retention_held(1)", "calls up"),
        ("register", "SELECT public.retention_held(1)", "calls up"),
        ("register", "SELECT api.keep(1, 2, 3)", "order of arguments"),
        ("register", "SELECT api.keep(a => 1, b => 2, f(3, 4))", "order of arguments"),
        (
            "register",
            "CREATE TRIGGER forget AFTER DELETE ON vault_grant FOR EACH ROW EXECUTE FUNCTION f()",
            "trigger's name",
        ),
    ],
)
def test_what_reaches_past_its_layer_is_found(app: str, sql: str, rule: str) -> None:
    assert [found for _, found in _found(app, sql)] == [rule]


@pytest.mark.parametrize(
    ("app", "sql"),
    [
        ("vault", "INSERT INTO vault_grant VALUES (1)"),
        ("register", "SELECT 1 FROM vault_grant WHERE tip_id = 1 FOR UPDATE"),
        ("register", "SELECT api.keep(a => 1, b => f(2, 3), c => ARRAY[4, 5])"),
        ("register", "-- DELETE FROM vault_grant\nSELECT 'INSERT INTO vault_grant'"),
        ("retention", "SELECT retention_held(1)"),
        (
            "register",
            "CREATE TRIGGER register_forget AFTER DELETE ON vault_grant"
            " FOR EACH ROW EXECUTE FUNCTION register_forget()",
        ),
        ("vault", "GRANT EXECUTE ON FUNCTION retention_held TO upstander_worker"),
    ],
)
def test_what_stays_in_its_layer_is_let_be(app: str, sql: str) -> None:
    assert _found(app, sql) == []


def test_the_line_is_named_also_below_a_comment() -> None:
    sql = "-- It's about\n-- holds.\nSELECT 1\n    FROM retention_hold"
    assert _found("register", sql) == [(4, "reads up")]


def test_apps_inside_of_apps_stand_above_their_own() -> None:
    order = order_of(
        '\nINSTALLED_APPS = [\n    "upstander.cases",\n    "upstander.cases.guides",\n]'
    )
    assert order == [("cases", "upstander.cases"), ("guides", "upstander.cases.guides")]


def test_every_hook_is_called_from_beneath_it() -> None:
    texts, _, order = shipped()
    homes = {text.defines: order.index(text.app) for text in texts if text.defines}
    for hook in HOOKS:
        assert any(f"{hook}(" in text.sql and order.index(text.app) < homes[hook] for text in texts)


def test_what_is_shipped_stays_in_its_layers() -> None:
    assert [str(one) for one in violations(*shipped())] == []
