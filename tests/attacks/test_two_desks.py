"""Two processes of the desk: what one has seen used or tried, the other knows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from conftest import Cast
from upstander.config.database import Role
from upstander.people.tests.cast import digits_of, with_password

ONE_PROCESS = """
import sys, django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from allauth.core import context
from django.test import RequestFactory
from upstander.people import tries
from upstander.people.forms.second_factor import SecondFactorForm
from upstander.people.models import Person
dee = Person.objects.get(pk=int(sys.argv[2]))
request = RequestFactory().post("/", REMOTE_ADDR="198.51.100.7")
with context.request_context(request):
    passed = SecondFactorForm({"code": sys.argv[3]}, user=dee).is_valid()
    counted = [tries.count(request, dee.email) is not None for _ in range(3)]
print(passed, *counted)
"""


@pytest.mark.servers
def test_two_processes_share_codes_and_tries(
    committed_cast: Cast, real_database: Callable[[Role], psycopg.Connection[tuple[Any, ...]]]
) -> None:
    dee = with_password(committed_cast, "dee")
    code = digits_of(dee)
    arguments = [connection.settings_dict["NAME"], str(dee.pk), code]
    said = [
        subprocess.run(
            [sys.executable, "-c", ONE_PROCESS, *arguments],
            capture_output=True,
            text=True,
            check=True,
            cwd=settings.BASE_DIR,
        ).stdout.split()
        for _ in range(2)
    ]
    assert said == [["True", "True", "True", "True"], ["False", "True", "True", "False"]]
