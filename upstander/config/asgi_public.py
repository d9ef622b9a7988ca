"""The public process's application. ``upstander.command.web`` serves it with granian.

Its loader has bound this process to its parent's life and closed its memory to others before this
module is imported.
"""

from __future__ import annotations

import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402

from upstander.config.checking import refuse_addresses  # noqa: E402
from upstander.config.proxies import unnamed_mark  # noqa: E402
from upstander.front.bodies import Reader  # noqa: E402
from upstander.front.flood import Flood  # noqa: E402
from upstander.front.gate import Gate  # noqa: E402
from upstander.front.lanes import Lanes  # noqa: E402
from upstander.front.static import load_static  # noqa: E402
from upstander.tips.speed import spread, take_one  # noqa: E402

# Before any thread is started: they inherit it.
take_one()

refuse_addresses("upstander.config.urls_public")

if settings.TLS:
    # What an earlier start found may be mended; what is not is found again within seconds.
    unnamed_mark(settings.HOME).unlink(missing_ok=True)

# Files take seconds, and may take them on any processor.
application = Gate(
    WSGIHandler(),
    flood=Flood(trusted=settings.TRUSTED_PROXIES),
    unnamed=unnamed_mark(settings.HOME) if settings.TLS else None,
    reader=Reader(settings.HOME.run, settle=spread),
    lanes=Lanes(settle=spread),
    static=load_static(settings.STATIC_ROOT, settings.STATIC_URL),
)

# What is loaded now stays for good: the collector need not look through it again and again. And
# pages make few cycles, so it may look less often: a tip costs three per cent less.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
