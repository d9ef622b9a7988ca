"""Pages without their text, for walks that ask only who comes in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString


@contextmanager
def unrendered() -> Iterator[None]:
    """Let templates give nothing inside.

    Everything before them is as it is: views, permissions, queries, context processors. What only
    a template asks for is not asked; so each page is rendered elsewhere, for each role.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", _nothing)
        yield


@contextmanager
def uncopied() -> Iterator[None]:
    """Let no copy of what templates were given be kept: only ``response.context`` needs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Template, "_render", lambda template, context: template.nodelist.render(context)
        )
        yield


def _nothing(_template: Template, _context: Context) -> SafeString:
    return SafeString("")
