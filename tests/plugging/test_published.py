"""Every number of a figures' page has passed the register, and every declared figure is shown."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template

from conftest import Cast
from tests.plugging.lantern import manifest as lantern
from tests.plugging.lantern.rights import LanternRight
from tests.plugging.test_plugging import plugged_in
from upstander.accountability.models import CaseFigures
from upstander.accountability.sweeps import gather
from upstander.accountability.tests.test_equity_page import ZONE, closed_cases
from upstander.accountability.tests.test_gathering import a_tip, journeys
from upstander.base import published as door
from upstander.base.joint import Counted, Division, Row
from upstander.cases.models import Case
from upstander.editions.halves import halves
from upstander.helplines.tests.setup import agency
from upstander.helplines.tests.test_counts import taken_on
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.mandated.tests.test_ledger import finish
from upstander.people.permissions import may
from upstander.people.tests.monitor import monitor
from upstander.plug import (
    Figure,
    Manifest,
    Undeclared,
    figures,
    manifests,
    published,
    published_tables,
    suppressed_together,
)
from upstander.referrals.tests.setup import ended
from upstander.tips.models import Tip
from upstander.triage.tests.test_suspicion_answers import abuse_tip

ROOT = Path(__file__).parents[2] / "upstander"
FIGURE = Figure(
    "lantern.lit",
    "Lit",
    "lanterns",
    "lanterns",
    frozenset({LanternRight.LIGHT}),
    ("/lanterns",),
    least=10,
    why="whoever keeps a lantern sees it",
)
#: What stands beside figures and is none: a target that was set.
NO_FIGURES = {"line.target|span"}
_SENTENCE = r"{% blocktranslate (.*?)%}"
_NO_NUMBERS = {
    *("if", "else", "elif", "endif", "number", "answer"),
    *("translate", "blocktranslate", "endblocktranslate"),
}


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the keys of all figures that a page or file lets out, as they go."""
    keys: set[str] = set()
    real = door.passing

    def noting(value: Any) -> Any:
        keys.update([value.figure] if isinstance(value, door.Published) else [])
        return real(value)

    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("upstander.") and (
            vars(module).get("passing") is real
        ):
            monkeypatch.setattr(module, "passing", noting)
    return keys


def something_of_everything(cast: Cast) -> None:
    """Let there be enough of each that no figure is hidden."""
    now = datetime.now(UTC)
    last_half = halves(now, ZONE)[0].span(ZONE)[1] - timedelta(days=5)
    for _ in range(20):
        a_tip(
            cast,
            came=last_half,
            claimed=41,
            assessed=90,
            handed=170,
            paged=175,
            had=230,
            closed=500,
        )
    journeys(cast, 100, claimed=41)
    gather(200)
    Tip.objects.filter(state="closed").update(disposition="support_given", changed_at=last_half)
    for disposition in ("resolved", "discipline"):
        closed_cases(cast, cast.cedar, 20, disposition)
    CaseFigures.objects.bulk_create(
        CaseFigures(
            case_id=case.pk,
            district_id=case.district_id,
            matter_id=case.matter_id,
            groups={},
            person_id=1,
            at=now,
        )
        for case in Case.objects.filter(disposition="resolved")
    )
    for need in ("housing", "food", "legal"):
        ended(cast, [*["met"] * 20, *["lost"] * 20], last_half, needs=[need])
    taken_on(agency(cast), 30, last_half, went=15)
    cast.client("ines").post("/clients/figures")
    offices(cast)
    monitor(cast)
    finish(cast)
    suspect(cast, cause_at=now - timedelta(hours=14))
    cast.client("tom").get(f"/team/{abuse_tip(cast)}")
    # A home shows what is published, and publishes nothing.
    for path in ("/equity", "/unmet"):
        cast.client("dee").get(path)


@pytest.mark.slow
def test_each_declared_figure_is_shown_where_it_says_and_to_whom_it_says(
    cast: Cast, passed: set[str]
) -> None:
    something_of_everything(cast)
    # What reporters are told stands on their own site: upstander/front/tests/test_waiting.py.
    desk = {key: figure for key, figure in figures().items() if not figure.apart}
    for path in sorted({path for figure in desk.values() for path in figure.on}):
        here = {key for key, figure in desk.items() if path in figure.on}
        shown: set[str] = set()
        for name in ("sam", "dee", "tara", "cleo", "hana", "moni", "alice", "tom", "ada", "ines"):
            passed.clear()
            answer = cast.client(name).get(path)
            assert answer.status_code in (200, 403), (path, name)
            assert answer.status_code == 200 or not passed
            viewer = cast.viewer(name)
            for key in passed:
                readers = figures()[key].readers
                assert any(may(viewer, right) for right in readers), f"{name} may not read {key}"
            shown |= passed
        assert shown == here, path


def numbers_in(text: str) -> Iterator[str]:
    """Give what a template writes where numbers stand: in cells of numbers and lists of figures."""
    parts = re.findall(r'{% cell [^%]*"number" %}(.*?){% endcell %}', text, re.DOTALL)
    for figures_list in re.findall(r'<dl class="figures">(.*?)</dl>', text, re.DOTALL):
        parts += re.findall(r"<dd>(.*?)</dd>", figures_list, re.DOTALL)
    for part in parts:
        # A sentence names what it fills in: that is looked at where it is named.
        named = dict(re.findall(r"(\w+)=([\w.|:\"]+)", " ".join(re.findall(_SENTENCE, part))))
        yield from named.values()
        yield from (one for one in re.findall(r"{{ (.*?) }}", part) if one not in named)
        for tag, rest in re.findall(r"{% (\w+) ?(.*?) ?%}", part):
            if tag not in _NO_NUMBERS:
                yield f"{tag} {rest}"


def test_no_number_cell_of_an_app_with_figures_goes_round_the_register() -> None:
    seen = 0
    for app in (one for one in manifests() if one.manifest.figures):
        for template in (ROOT / app.label / "templates").rglob("*.html"):
            for written in numbers_in(template.read_text()):
                seen += 1
                assert "|published" in written or written in NO_FIGURES, (template.name, written)
    assert seen > 20


def test_only_the_register_makes_a_published_number() -> None:
    makers = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if re.search(r"(?<!class )\bPublished(Int|Float|Text)\(", path.read_text())
    }
    assert makers == {"plug/figure_register.py"}


@pytest.mark.parametrize("value", [7, 7.5, "3 of 4", True])
@pytest.mark.parametrize("shown", ["{{ value|published }}", "{% number value %}"])
def test_a_number_that_never_passed_is_refused_by_the_page(value: Any, shown: str) -> None:
    page = Template("{% load figures %}" + shown)
    with pytest.raises(TypeError, match="isn't published"):
        page.render(Context({"value": value}))


def test_what_is_reckoned_from_a_figure_is_none_yet() -> None:
    found = published("ledger.open", 7)
    assert (found, found.figure, f"{found}") == (7, "ledger.open", "7")
    assert door.passing(found) is found
    for reckoned in (found + 1, found * 1, int(found), published("ledger.half_first", 1.5) / 1):
        with pytest.raises(TypeError):
            door.passing(reckoned)
    with pytest.raises(TypeError, match="published before"):
        published("ledger.duties", found)


def test_what_is_not_declared_or_declared_another_way_does_not_leave() -> None:
    with pytest.raises(Undeclared):
        published("ledger.nobody", 12)
    with pytest.raises(Undeclared):
        published("outcomes.cases", 12, of=12)
    with pytest.raises(Undeclared):
        suppressed_together(
            {"ledger.open": Counted([Division("All", ("a",))], (), [Row(("a",), frozenset(), 12)])}
        )
    with pytest.raises(Undeclared):
        published_tables("ledger.open", [])


def test_a_figure_of_too_few_is_hidden_and_must_say_of_how_many_it_is() -> None:
    assert published("reporter.wait", 4, of=19) is None
    assert published("reporter.wait", 4, of=20) == 4
    with pytest.raises(TypeError, match="from how many"):
        published("reporter.wait", 4)


def test_an_apps_own_least_holds_for_groups_and_is_gone_with_the_app(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    figure = replace(FIGURE, groups=True, least=20)
    monkeypatch.setattr(lantern, "MANIFEST", replace(lantern.MANIFEST, figures=(figure,)))
    rows = [
        Row((name,), frozenset({"lit"} if lit else ()), count)
        for name, yes, no in (("a", 20, 20), ("b", 19, 0), ("c", 15, 15))
        for lit, count in ((True, yes), (False, no))
    ]
    counted = Counted([Division("Kind", ("a", "b", "c"))], ("lit",), rows)
    with plugged_in():
        [table] = published_tables(
            "lantern.lit", suppressed_together({"lantern.lit": counted})["lantern.lit"]
        )
        shown = [table.groups[name].of for name in "abc"]
        assert (table.whole.of, shown) == (89, [40, None, None])
        assert getattr(table.whole.of, "figure", None) == "lantern.lit"
    with pytest.raises(Undeclared):
        suppressed_together({"lantern.lit": counted})


def test_counts_of_groups_leave_in_an_edition_and_by_no_other_way() -> None:
    callers = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if "tests" not in path.parts
        and re.search(
            r"(?<!def )\b(suppressed_together|published_(tables|measure))\(", path.read_text()
        )
    }
    assert callers == {"editions/keeping.py"}
    # Nobody hides small numbers by a rule of their own.
    rule = re.compile(
        r"from upstander\.base\.(alike|joint|suppression) import .*"
        r"\b(all_suppressed|suppressed|closed)\b"
    )
    users = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if "tests" not in path.parts and rule.search(path.read_text())
    }
    assert users == {"base/alike.py", "base/joint.py", "plug/figure_register.py"}


def test_whatever_is_in_no_edition_says_why_and_only_one_may_be_apart() -> None:
    for figure in figures().values():
        assert figure.groups or figure.why or figure.apart, figure.key
    # The wait that is shown to reporters: the one number that leaves for everybody by itself.
    assert len([one for one in figures().values() if one.apart]) <= 1


def test_a_figure_apart_leaves_in_whole_minutes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    wait = replace(
        FIGURE,
        unit="min",
        why="",
        readers=frozenset(),
        apart="whoever waits is told how long others did",
    )
    monkeypatch.setattr(lantern, "MANIFEST", replace(lantern.MANIFEST, figures=(wait,)))
    with plugged_in():
        assert published("lantern.lit", 4, of=20) == 4
        assert published("lantern.lit", 4, of=9) is None
        for wrong in (4.5, "4 min", True):
            with pytest.raises(TypeError, match="whole minutes"):
                published("lantern.lit", wrong, of=20)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (replace(FIGURE, key="ledger.open"), "a published figure is declared twice: ledger.open"),
        (replace(FIGURE, least=None, why=""), "hides nothing and doesn't say why not"),
        (replace(FIGURE, why=""), "why it may leave in no edition"),
        (replace(FIGURE, apart="x"), "whole minutes"),
        (replace(FIGURE, unit="min", least=None, apart="x"), "whole minutes"),
        (replace(FIGURE, readers=frozenset()), "doesn't say who may read it"),
        (replace(FIGURE, counts=""), "must say its words"),
        (replace(FIGURE, on=()), "where it stands"),
        (replace(FIGURE, least=None, why="x", groups=True), "small ones are hidden"),
    ],
)
def test_a_figure_that_does_not_say_all_is_refused_at_start(
    broken: Figure, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lantern, "MANIFEST", replace(lantern.MANIFEST, figures=(broken,)))
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)), plugged_in():
        pass


def test_an_unknown_reader_is_refused_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lantern, "MANIFEST", Manifest(figures=(FIGURE,)))
    with pytest.raises(ImproperlyConfigured, match="asks for an unknown permission"), plugged_in():
        pass
