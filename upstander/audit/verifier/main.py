"""The verifier's commands. Each says what holds and ends with 0, or says what doesn't, with 1.

The key is the record's public key as you were given it, out of band, when you began to watch
(`name+hash+base64`). Everything hangs on it: a key that came with the files proves nothing.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from upstander.audit.verifier.checkpoints import Checkpoint, Key, open_checkpoint
from upstander.audit.verifier.tree import (
    Wrong,
    check_consistency,
    leaf_hash,
    root_from_inclusion,
)
from upstander.audit.verifier.whole import Finding, Sealed, check_record

PROOF_HEADER = "c2sp.org/tlog-proof@v1"


def open_proof(text: str, keys: Sequence[Key]) -> tuple[str, int, Checkpoint]:
    """Return the entry, its place and the checkpoint of a whole c2sp.org/tlog-proof. Raises Wrong.

    The entry's canonical form is the proof's extra data; its hash is led to the signed root.
    """
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    try:
        if not blank or lines[0] != PROOF_HEADER or not lines[1].startswith("extra "):
            raise Wrong("this is no proof of an entry")
        entry = base64.b64decode(lines[1][6:], validate=True)
        name, _, number = lines[2].partition(" ")
        index = int(number)
        path = [base64.b64decode(line, validate=True) for line in lines[3:]]
        canonical = entry.decode()
    except (ValueError, IndexError) as error:
        raise error if isinstance(error, Wrong) else Wrong("this is no proof of an entry") from None
    if name != "index" or str(index) != number or any(len(step) != 32 for step in path):
        raise Wrong("this is no proof of an entry")
    signed = open_checkpoint(checkpoint, keys)
    if root_from_inclusion(leaf_hash(entry), index, signed.size, path) != signed.root:
        raise Wrong("the entry is not in the record that was signed")
    return canonical, index, signed


def read_parts(texts: Sequence[tuple[str, str]], keys: Sequence[Key]) -> list[Finding]:
    """Check exports of the record together: parts that follow each other, or of different days.

    ``texts`` are names and contents. Where two say something else of one place, that is named.
    """
    places: dict[int, Sealed] = {}
    checkpoints: dict[str, Checkpoint] = {}
    found: list[Finding] = []
    for name, text in texts:
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                found += _take(json.loads(line), places, checkpoints, keys)
            except Wrong as wrong:
                found.append(Finding("forged", None, f"{name}, line {number}: {wrong}"))
            except (ValueError, TypeError, KeyError, RecursionError):
                found.append(Finding("unread", None, f"{name}, line {number} is of no export"))
    ordered = (places[place] for place in sorted(places))
    return found + list(check_record(ordered, checkpoints.values()))


def _take(
    line: object,
    places: dict[int, Sealed],
    checkpoints: dict[str, Checkpoint],
    keys: Sequence[Key],
) -> Iterator[Finding]:
    if not isinstance(line, dict):
        raise TypeError
    if "checkpoint" in line:
        text = str(line["checkpoint"])
        if text not in checkpoints:
            checkpoints[text] = open_checkpoint(text, keys)
        return
    if "more_from" in line:
        return
    canonical = line.get("canonical")
    one = Sealed(
        int(str(line["place"])),
        int(str(line["entry"])),
        bytes.fromhex(str(line["leaf"])),
        None if canonical is None else str(canonical),
    )
    other = places.setdefault(one.position, one)
    if (other.entry, other.leaf) != (one.entry, one.leaf):
        says = (
            f"place {one.position} was entry {other.entry} in one file, is {one.entry} in another"
        )
        if other.entry == one.entry:
            says = f"entry {one.entry} (place {one.position}) is another than in an earlier file"
        yield Finding("changed", one.entry, says)
    elif other.canonical is None:
        places[one.position] = one


def _record(options: argparse.Namespace, keys: list[Key]) -> int:
    texts = [(str(path), path.read_text("utf-8")) for path in options.files]
    # A checkpoint that was kept elsewhere is one more line.
    texts += [
        (str(path), json.dumps({"checkpoint": path.read_text("utf-8")})) for path in options.kept
    ]
    found = read_parts(texts, keys)
    for finding in found:
        print(finding)
    print(f"{len(found)} things are not as they were sealed" if found else "the record is whole")
    return 1 if found else 0


def _proof(options: argparse.Namespace, keys: list[Key]) -> int:
    canonical, place, signed = open_proof(options.file.read_text("utf-8"), keys)
    print(f"proved: this entry is number {place} of the {signed.size} sealed by {signed.when}")
    print(canonical)
    return 0


def _checkpoint(options: argparse.Namespace, keys: list[Key]) -> int:
    for path in options.files:
        signed = open_checkpoint(path.read_text("utf-8"), keys)
        print(f"genuine: {signed.size} entries in {signed.origin}, {signed.when}")
    return 0


def _consistency(options: argparse.Namespace, keys: list[Key]) -> int:
    old = open_checkpoint(options.old.read_text("utf-8"), keys)
    new = open_checkpoint(options.new.read_text("utf-8"), keys)
    path = [base64.b64decode(line) for line in options.proof.read_text("utf-8").split()]
    check_consistency(old.size, old.root, new.size, new.root, path)
    print(f"proved: all {old.size} entries of {old.when} stand unchanged in those of {new.when}")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    record = tasks.add_parser("record", help="check exports of the whole record")
    record.add_argument("files", nargs="+", type=Path, help="sealed….jsonl, all parts")
    record.add_argument("--kept", nargs="+", type=Path, default=[], help="checkpoints kept since")
    proof = tasks.add_parser("proof", help="check one entry's proof (….tlog-proof)")
    proof.add_argument("file", type=Path)
    checkpoint = tasks.add_parser("checkpoint", help="check who signed checkpoints, and when")
    checkpoint.add_argument("files", nargs="+", type=Path)
    consistency = tasks.add_parser("consistency", help="check that nothing old was rewritten")
    for name in ("old", "new", "proof"):
        consistency.add_argument(name, type=Path)
    for task in (record, proof, checkpoint, consistency):
        task.add_argument("--key", action="append", required=True, help="the key, or its file")
    options = parser.parse_args(arguments)
    run = {
        "record": _record,
        "proof": _proof,
        "checkpoint": _checkpoint,
        "consistency": _consistency,
    }[options.task]
    try:
        return run(options, [_key(text) for text in options.key])
    except Wrong as wrong:
        print(f"NOT PROVED: {wrong}")
    except (OSError, ValueError) as error:
        print(f"not read: {error}")
    return 1


def _key(text: str) -> Key:
    return Key.parse(text if "+" in text else Path(text).read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
