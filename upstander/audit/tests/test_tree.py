"""The tree against the RFC's own definitions, and against its published vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.audit import tree
from upstander.audit.verifier.tree import (
    Frontier,
    Wrong,
    check_consistency,
    leaf_hash,
    node_hash,
    root_from_inclusion,
)

# The vectors of Certificate Transparency's own tests (certificate-transparency,
# cpp/merkletree/merkle_tree_test.cc; also in github.com/transparency-dev/merkle).
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
#: (leaf, size, path)
INCLUSION = [
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]
#: (old size, size, path)
CONSISTENCY = [
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
LEAVES = [leaf_hash(entry) for entry in INPUTS]
MANY = [leaf_hash(str(number).encode()) for number in range(1500)]


def mth(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash as RFC 9162 section 2.1.1 defines it, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(mth(leaves[:half]), mth(leaves[half:]))


def grown(leaves: list[bytes], steps: list[int] | None = None) -> dict[tree.Node, bytes]:
    """Tiles of a tree that grew in steps."""
    tiles: dict[tree.Node, bytes] = {}
    size = 0
    for step in [*(steps or []), len(leaves)]:
        end = min(size + step, len(leaves))
        at_edge = {place: tiles[place] for place in tree.edge(size)}
        tiles |= tree.grow(size, leaves[size:end], at_edge)
        size = end
    return tiles


def read_from(tiles: Mapping[tree.Node, bytes]) -> object:
    return lambda wanted: {place: tiles[place] for place in wanted}


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.add(leaf)
    assert frontier.root().hex() == ROOTS[size - 1]
    tiles = grown(LEAVES[:size])
    assert tree.root_of(size, read_from(tiles)).hex() == ROOTS[size - 1]  # type: ignore[arg-type]


def test_the_root_of_nothing() -> None:
    assert Frontier().root() == tree.root_of(0) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(("leaf", "size", "path"), INCLUSION)
def test_the_published_proofs_of_inclusion(leaf: int, size: int, path: list[str]) -> None:
    made = tree.proof_of(tree.inclusion_ranges(leaf, size), read_from(grown(LEAVES)))  # type: ignore[arg-type]
    assert [step.hex() for step in made] == path
    root = root_from_inclusion(LEAVES[leaf], leaf, size, made)
    assert root.hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("old", "size", "path"), CONSISTENCY)
def test_the_published_proofs_of_consistency(old: int, size: int, path: list[str]) -> None:
    made = tree.proof_of(tree.consistency_ranges(old, size), read_from(grown(LEAVES)))  # type: ignore[arg-type]
    assert [step.hex() for step in made] == path
    roots = [bytes.fromhex(ROOTS[n - 1]) for n in (old, size)]
    check_consistency(old, roots[0], size, roots[1], made)


sizes = st.integers(1, len(MANY))
steps = st.lists(st.integers(1, 700), max_size=6)


@settings(max_examples=60, deadline=None)
@given(sizes, steps)
def test_a_tree_is_the_same_however_it_grew(size: int, how: list[int]) -> None:
    once, bit_by_bit = grown(MANY[:size]), grown(MANY[:size], how)
    assert once == bit_by_bit
    assert tree.root_of(size, read_from(once)) == mth(MANY[:size])  # type: ignore[arg-type]


@settings(max_examples=120, deadline=None)
@given(st.data(), sizes)
def test_every_entry_is_proved_and_no_other(data: st.DataObject, size: int) -> None:
    """Whatever is changed of a proof — leaf, place, size, a step — it leads to another root."""
    index = data.draw(st.integers(0, size - 1))
    # The tiles of a larger tree prove what was in it when it was smaller.
    path = tree.proof_of(tree.inclusion_ranges(index, size), read_from(TILES))  # type: ignore[arg-type]
    root = mth(MANY[:size])
    assert root_from_inclusion(MANY[index], index, size, path) == root
    assert len(path) <= (size - 1).bit_length()
    assert root_from_inclusion(leaf_hash(b"forged"), index, size, path) != root
    other = data.draw(
        st.integers(0, size - 1).filter(lambda n: n != index) if size > 1 else st.none()
    )
    if other is not None:
        assert not leads_to(root, MANY[index], other, size, path)
        step = data.draw(st.integers(0, len(path) - 1))
        assert not leads_to(root, MANY[index], index, size, [*path[:step], *path[step + 1 :]])
        assert not leads_to(root, MANY[index], index, size, [*path[:step], root, *path[step + 1 :]])
    assert not leads_to(root, MANY[index], index, size, [*path, root])


def leads_to(root: bytes, leaf: bytes, index: int, size: int, path: list[bytes]) -> bool:
    try:
        return root_from_inclusion(leaf, index, size, path) == root
    except Wrong:
        return False


@settings(max_examples=120, deadline=None)
@given(st.data(), sizes)
def test_a_tree_is_proved_to_begin_with_its_older_self(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(1, size))
    path = tree.proof_of(tree.consistency_ranges(old, size), read_from(TILES))  # type: ignore[arg-type]
    check_consistency(old, mth(MANY[:old]), size, mth(MANY[:size]), path)
    # History rewritten: one old leaf was another.
    place = data.draw(st.integers(0, old - 1))
    rewritten = [*MANY[:place], leaf_hash(b"forged"), *MANY[place + 1 : size]]
    forged = tree.proof_of(tree.consistency_ranges(old, size), read_from(grown(rewritten)))  # type: ignore[arg-type]
    for attempt in (path, forged):
        with pytest.raises(Wrong):
            check_consistency(old, mth(MANY[:old]), size, mth(rewritten), attempt)


TILES = grown(MANY)
