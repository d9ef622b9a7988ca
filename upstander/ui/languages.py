"""Which address shows this page in another language.

Languages are in the address, never in a cookie: English has no prefix, the others have theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

from upstander.base.languages import BY_CODE


@dataclass(frozen=True)
class LanguageLink:
    """One choice of the language switch, named in its own language."""

    code: str
    name: str
    url: str
    direction: str
    current: bool
    #: Nobody who speaks it has agreed to its texts.
    draft: bool


def path_in(path: str, code: str, codes: Iterable[str], default: str) -> str:
    """Give `path` with the prefix of language `code` in place of the one it has, if any.

    >>> path_in("/es/report", "ar", ("en", "es", "ar"), "en")
    '/ar/report'
    """
    first, _, rest = path.lstrip("/").partition("/")
    bare = "/" + (rest if first in codes else path).lstrip("/")
    return bare if code == default else f"/{code}{bare}"


def home_path() -> str:
    """Give the address of the site's start in the active language."""
    codes = [code for code, _ in settings.LANGUAGES]
    return path_in("/", get_language() or settings.LANGUAGE_CODE, codes, settings.LANGUAGE_CODE)


def language_links(path: str) -> list[LanguageLink]:
    """List the site's languages, each with the address of the page `path` in that language."""
    current = get_language()
    return [
        LanguageLink(
            code=code,
            name=one.own,
            url=path_in(path, code, BY_CODE, settings.LANGUAGE_CODE),
            direction="rtl" if one.right_to_left else "ltr",
            current=code == current,
            draft=one.draft,
        )
        for code, one in BY_CODE.items()
    ]
