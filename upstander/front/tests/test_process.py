"""The public process as it is configured in earnest: its own settings, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3]

OPENS_EVERY_TEMPLATE = """
from upstander.config.asgi_public import application
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from pathlib import Path
for folder in ("tips/templates", "front/templates"):
    root = Path("upstander") / folder
    for page in root.rglob("*.html"):
        get_template(str(page.relative_to(root)))
assert reverse("report") == "/report"
assert type(application).__name__ == "Gate"
# What this process must not be able to read or do.
for secret in ("SIGNING_KEY", "PASSWORD_PEPPER", "PERSON_PEPPER", "FIELD_KEY"):
    assert getattr(settings, secret) == b"", secret
assert settings.DATABASES["default"]["USER"] == "upstander_public"
for name in ("Session", "Csrf", "Auth", "Message"):
    assert not any(name in middleware for middleware in settings.MIDDLEWARE)
print("fine")
"""


@pytest.mark.parametrize("plain", ["0", "1"])
def test_it_starts_renders_and_holds_no_secret_of_others(plain: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPENS_EVERY_TEMPLATE],
        cwd=SOURCE,
        env={
            **os.environ,
            "UPSTANDER_PROCESS": "public",
            "UPSTANDER_PLAIN_INTAKE": plain,
            "DJANGO_SETTINGS_MODULE": "upstander.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "fine\n", done.stderr[-2000:]
