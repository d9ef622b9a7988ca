"""The desk as granian serves it."""

from __future__ import annotations

import os

os.environ.setdefault("UPSTANDER_PROCESS", "desk")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")

from django.core.asgi import get_asgi_application  # noqa: E402 - settings come first

application = get_asgi_application()
