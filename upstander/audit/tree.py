"""The tree as it lies in the database: tiles of 256 hashes, and what can be read from them.

The hashing is the verifier's (RFC 9162 section 2.1). A complete subtree of 2^h leaves is one *node*
(height, index); everything else, a root or a step of a proof, is folded from nodes. Every node lies
in one tile, so that a proof reads a few tiles per level, all in one query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce

from upstander.audit.models import Tile
from upstander.audit.verifier.tree import Frontier, node_hash

HASH = 32
#: Hashes in a tile are 2^8; a tile's level is therefore eight heights of the tree.
TALL = 8
WIDE = 1 << TALL

type Range = tuple[int, int]
type Node = tuple[int, int]
#: The hashes of each tile, by (level, number).
type Tiles = Mapping[Node, bytes]


def subtrees(start: int, end: int) -> list[Node]:
    """Return the complete subtrees, left to right, that make up the leaves ``start`` to ``end``."""
    found: list[Node] = []
    while start < end:
        # As tall as its place allows, and as the rest does.
        height = (
            min(start & -start or 1 << 62, 1 << (end - start).bit_length() - 1).bit_length() - 1
        )
        found.append((height, start >> height))
        start += 1 << height
    return found


def _split(size: int) -> int:
    """Return the largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return what each step of a proof of inclusion covers, from the leaf up (2.1.3.1)."""
    steps: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            steps.append((middle, end))
            end = middle
        else:
            steps.append((start, middle))
            start = middle
    return steps[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """Return what each step of a proof of consistency covers (2.1.4.1); 0 < old <= size."""
    steps: list[Range] = []
    start, end, whole = 0, size, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            steps.append((middle, end))
            end = middle
        else:
            steps.append((start, middle))
            start, whole = middle, False
    # The old tree itself is left out where it is one of the new one's: its root is known.
    return ([] if whole else [(start, end)]) + steps[::-1]


def tiles_for(ranges: Iterable[Range]) -> set[Node]:
    """Return which tiles hold what is needed to hash these ranges of leaves."""
    return {_tile_of(node) for one in ranges for node in subtrees(*one)}


def hash_of(span: Range, tiles: Tiles) -> bytes:
    """Return the hash of a range of leaves; its tiles must be there (``tiles_for``)."""
    nodes = [_node(node, tiles) for node in subtrees(*span)]
    return reduce(lambda right, left: node_hash(left, right), reversed(nodes))


def _tile_of(node: Node) -> Node:
    height, index = node
    return height // TALL, index << height % TALL >> TALL


def _node(node: Node, tiles: Tiles) -> bytes:
    height, index = node
    width = 1 << height % TALL
    at = (index * width % WIDE) * HASH
    return fold(tiles[_tile_of(node)][at : at + width * HASH])


def fold(hashes: bytes) -> bytes:
    """Return the root of 2^n hashes that stand behind each other."""
    level = [hashes[i : i + HASH] for i in range(0, len(hashes), HASH)]
    while len(level) > 1:
        level = [node_hash(*level[i : i + 2]) for i in range(0, len(level), 2)]
    return level[0]


def load(wanted: Iterable[Node]) -> Tiles:
    """Read tiles by level and number, in one query."""
    wanted = set(wanted)
    found = Tile.objects.filter(
        level__in={level for level, _ in wanted}, number__in={number for _, number in wanted}
    ).values_list("level", "number", "hashes")
    return {(level, number): bytes(hashes) for level, number, hashes in found}


def root_of(size: int, read: Callable[[set[Node]], Tiles] = load) -> bytes:
    """Return the root of the first ``size`` leaves, as the tiles have it."""
    if size == 0:
        return Frontier().root()
    return hash_of((0, size), read(tiles_for([(0, size)])))


def proof_of(ranges: Sequence[Range], read: Callable[[set[Node]], Tiles] = load) -> list[bytes]:
    """Return the hashes of a proof's steps."""
    tiles = read(tiles_for(ranges))
    return [hash_of(one, tiles) for one in ranges]


def grow(size: int, leaves: Sequence[bytes], tiles: Mapping[Node, bytes]) -> dict[Node, bytes]:
    """Return the tiles that change when leaves are added behind the first ``size``.

    ``tiles`` are those at the right edge (``edge``).
    """
    changed: dict[Node, bytes] = {}
    level, start, added = 0, size, list(leaves)
    while added:
        above: list[bytes] = []
        for number in range(start >> TALL, (start + len(added) - 1 >> TALL) + 1):
            first = max(start, number << TALL)
            here = added[first - start : (number + 1 << TALL) - start]
            hashes = (tiles.get((level, number), b"") if first % WIDE else b"") + b"".join(here)
            changed[level, number] = hashes
            if len(hashes) == WIDE * HASH:
                above.append(fold(hashes))
        level, start, added = level + 1, start >> TALL, above
    return changed


def edge(size: int) -> set[Node]:
    """Return the tiles at the right edge of a tree that are not yet full."""
    found: set[Node] = set()
    level = 0
    while size:
        if size % WIDE:
            found.add((level, size >> TALL))
        level, size = level + 1, size >> TALL
    return found
