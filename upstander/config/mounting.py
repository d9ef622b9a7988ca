"""Makes a site's URLconf of what the installed apps mount (their ``manifest.py``)."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from upstander.plug import mounts
from upstander.plug.manifest import Site


def mounted(site: Site) -> list[URLPattern | URLResolver]:
    """Return a site's addresses: first those without a language, then those that carry one."""
    plain: list[URLPattern | URLResolver] = []
    spoken: list[URLPattern | URLResolver] = []
    for mount, urls in mounts(site):
        (spoken if mount.languages else plain).append(path(mount.prefix, include(urls)))
    # i18n_patterns may be called once in a URLconf.
    return [*plain, *(i18n_patterns(*spoken, prefix_default_language=False) if spoken else [])]
