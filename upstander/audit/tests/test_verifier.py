"""The verifier: what it names, what it prints, and that one file of it is the whole of it."""

from __future__ import annotations

import ast
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.audit.signing import Signer
from upstander.audit.verifier.checkpoints import Checkpoint
from upstander.audit.verifier.main import main, open_proof, read_parts
from upstander.audit.verifier.single import as_one_file
from upstander.audit.verifier.tree import Frontier, Wrong, leaf_hash
from upstander.audit.verifier.whole import LATE, Sealed, check_record

SIGNER = Signer("center.example/record", b"k" * 32)
START = 1_795_600_000


def entry(number: int, at: int) -> Sealed:
    said = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = json.dumps({"id": number + 100, "at": said, "blind": str(number)})
    return Sealed(number, number + 100, leaf_hash(text.encode()), text)


def record_of(size: int, every: int = 4) -> tuple[list[Sealed], list[Checkpoint]]:
    """A record in which a minute passes from entry to entry, with a checkpoint now and then."""
    leaves = [entry(number, START + 60 * number) for number in range(size)]
    tree, signed = Frontier(), []
    for number, leaf in enumerate(leaves, start=1):
        tree.add(leaf.leaf)
        if number % every == 0 or number == size:
            at = START + 60 * number
            signed.append(Checkpoint(SIGNER.name, number, tree.root(), at, ""))
    return leaves, signed


LEAVES, SIGNED = record_of(30)


def placed(leaves: list[Sealed]) -> list[Sealed]:
    return [Sealed(n, one.entry, one.leaf, one.canonical) for n, one in enumerate(leaves)]


def test_what_is_whole_is_found_whole() -> None:
    for size in range(1, 40):
        assert list(check_record(*record_of(size))) == []
    assert list(check_record([], [])) == []


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["change", "delete", "insert", "swap", "back-date", "cut"]), st.data())
def test_no_change_of_the_past_goes_unseen(how: str, data: st.DataObject) -> None:
    """Whatever is done to the list, with texts and hashes that fit: its checkpoints tell."""
    place = data.draw(st.integers(0, len(LEAVES) - 1))
    leaves = list(LEAVES)
    forged = entry(900 + place, START + 60 * place)
    if how == "change":
        leaves[place] = forged
    elif how == "delete":
        del leaves[place]
    elif how == "insert":
        leaves.insert(place, forged)
    elif how == "swap":
        other = (place + data.draw(st.integers(1, len(LEAVES) - 1))) % len(LEAVES)
        leaves[place], leaves[other] = leaves[other], leaves[place]
    elif how == "back-date":
        leaves[place] = entry(place, START - 86_400)
    else:
        leaves = leaves[:place]
    found = list(check_record(placed(leaves), SIGNED))
    assert found
    rewritten = [finding for finding in found if finding.kind == "rewritten"]
    # Named no wider than between two checkpoints: four entries.
    assert all(len(re.findall(r"\b\d{3}\b", finding.says)) <= 4 for finding in rewritten)


def test_a_place_that_is_missing_or_comes_twice_is_named() -> None:
    assert "place 3 is missing" in next(check_record(LEAVES[:3] + LEAVES[4:], [])).says
    assert "comes twice" in next(check_record(LEAVES[:3] + LEAVES[2:], [])).says


@pytest.mark.parametrize(("late", "found"), [(LATE - 60, []), (LATE + 61, ["back-dated"])])
def test_an_entry_is_back_dated_once_it_is_older_than_any_open_transaction(
    late: int, found: list[str]
) -> None:
    """Entry 5 is sealed by the second checkpoint; the first was signed at START + 240."""
    leaves = list(LEAVES[:8])
    leaves[5] = entry(5, START + 240 - late)
    tree, signed = Frontier(), []
    for number, leaf in enumerate(leaves, start=1):
        tree.add(leaf.leaf)
        if number % 4 == 0:
            signed.append(Checkpoint("r", number, tree.root(), START + 60 * number, ""))
    assert [finding.kind for finding in check_record(leaves, signed)] == found


def test_two_histories_and_a_shrunken_one_are_named() -> None:
    first, second = SIGNED[:2]
    other = Checkpoint(first.origin, first.size, b"x" * 32, first.time + 1, "")
    kinds = {finding.kind for finding in check_record(LEAVES, [*SIGNED, other])}
    assert kinds == {"forked", "rewritten"}
    early = Checkpoint(second.origin, second.size, second.root, first.time - 1, "")
    assert "shrunk" in {f.kind for f in check_record(LEAVES, [first, early])}
    elsewhere = Checkpoint("other.example", second.size, second.root, second.time, "")
    assert "forked" in {f.kind for f in check_record(LEAVES, [first, elsewhere])}


def export(leaves: list[Sealed], sizes: list[int]) -> str:
    tree = Frontier()
    rows: list[dict[str, object]] = []
    for leaf in leaves:
        tree.add(leaf.leaf)
        row = {"place": leaf.position, "entry": leaf.entry, "leaf": leaf.leaf.hex()}
        rows.append(row | {"canonical": leaf.canonical})
        if tree.size in sizes:
            note = SIGNER.sign(tree.size, tree.root(), START + 60 * tree.size)
            rows.append({"checkpoint": note})
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_parts_may_come_in_any_order_and_overlap() -> None:
    whole = export(LEAVES, [10, 30]).splitlines()
    parts = [("b", "\n".join(whole[9:])), ("a", "\n".join(whole[:15]) + '\n{"more_from": 9}\n')]
    assert read_parts(parts, [SIGNER.key]) == []


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "[]",
        "3",
        "null",
        '"x"',
        "{}",
        '{"place": 1}',
        '{"place": "x", "entry": 1, "leaf": ""}',
        '{"checkpoint": "x"}',
        '{"checkpoint": 3}',
        '{"place": 0, "entry": 100, "leaf": "zz"}',
        "[" * 100_000,
    ],
)
def test_a_line_of_something_else_is_named_and_no_error(line: str) -> None:
    found = read_parts([("file", export(LEAVES, [30]) + line + "\n")], [SIGNER.key])
    assert [finding.kind for finding in found] in (["unread"], ["forged"])
    assert "file, line 32" in found[0].says


def test_what_it_prints_and_how_it_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "key").write_text(str(SIGNER.key) + "\n")
    (tmp_path / "a").write_text(export(LEAVES, [10, 30]))
    (tmp_path / "c").write_text(SIGNER.sign(30, SIGNED[-1].root, START))
    key = ["--key", str(tmp_path / "key")]
    assert main(["record", str(tmp_path / "a"), *key]) == 0
    assert capsys.readouterr().out == "the record is whole\n"
    assert main(["checkpoint", str(tmp_path / "c"), *key]) == 0
    assert "genuine: 30 entries in center.example/record" in capsys.readouterr().out
    for task, files in (("checkpoint", ["a"]), ("proof", ["c"]), ("checkpoint", ["none"])):
        assert main([task, *(str(tmp_path / name) for name in files), *key]) == 1
    assert main(["checkpoint", str(tmp_path / "c"), "--key", "a+b+c"]) == 1


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_a_proof(text: str) -> None:
    head = "c2sp.org/tlog-proof@v1\n"
    for attempt in (text, head + text, head + "extra eA==\n" + text, head + text + "\n\n" + text):
        with pytest.raises(Wrong):
            open_proof(attempt, [SIGNER.key])


def test_the_one_file_defines_nothing_twice_and_imports_python_alone() -> None:
    tree = ast.parse(as_one_file())
    names = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    assert len(names) == len(set(names))
    modules = {
        (node.module or "").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    } | {
        name.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert modules <= set(sys.stdlib_module_names)
