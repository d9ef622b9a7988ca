"""Numbers that may leave: only these are shown on a page or in a file of figures.

``plug.published()`` alone makes them. Whatever is reckoned from one is a plain number again and
can't be shown before it has passed there too. None is a figure that is hidden: it tells nothing.
"""

from __future__ import annotations


class Published:
    """What has passed the register; ``figure`` is the key under which it is declared."""

    figure: str


class PublishedInt(int, Published):
    """A whole number that may be shown."""


class PublishedFloat(float, Published):
    """A number that may be shown."""


class PublishedText(str, Published):
    """A figure in words that may be shown, such as "3 of 4"."""

    __slots__ = ()


def passing[T](value: T) -> T:
    """Return a figure as it is; None passes too. Raises TypeError where it never passed."""
    if value is None or isinstance(value, Published):
        return value
    raise TypeError(f"a number that isn't published: {value!r}")
