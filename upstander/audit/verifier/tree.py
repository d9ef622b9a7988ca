"""The tree: RFC 9162, section 2.1 (the hashing is that of RFC 6962, section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


class Wrong(ValueError):
    """Something does not prove what it should; the message says what, in plain words."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry: SHA-256(0x00 | entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees: SHA-256(0x01 | left | right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows leaf by leaf and remembers only its complete subtrees: log n hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf's hash at the end."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self._roots.pop(), node)
            size >>= 1
        self._roots.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root; of no leaves at all it is the hash of nothing."""
        if not self._roots:
            return hashlib.sha256(b"").digest()
        node = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            node = node_hash(left, node)
        return node


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a proof of inclusion leads to (RFC 9162, 2.1.3.2). Raises Wrong."""
    if not 0 <= index < size:
        raise Wrong(f"there is no entry {index} in a tree of {size}")
    node, last, place = leaf, size - 1, index
    for sibling in path:
        if last == 0:
            raise Wrong("the proof is too long")
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise Wrong("the proof is too short")
    return node


def check_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the newer tree begins with the older one (RFC 9162, 2.1.4.2). Raises Wrong."""
    if not 0 <= old_size <= size:
        raise Wrong("the newer checkpoint has fewer entries than the older one")
    if old_size in (0, size):
        if path or (old_size == size and old_root != root):
            raise Wrong("two trees of one size differ" if not path else "the proof is too long")
        return
    steps = list(path) if old_size & (old_size - 1) else [old_root, *path]
    if not steps:
        raise Wrong("the proof is too short")
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Wrong("the proof is too long")
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    if last or old != old_root or new != root:
        raise Wrong("the newer record does not begin with the older one: history was rewritten")
