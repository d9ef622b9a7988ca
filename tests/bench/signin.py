"""Signs made-up staff in: ``python -m tests.bench.signin EMAIL COUNT`` in the desk's own role.

Prints a JSON list of Cookie headers, each a sign-in of its own, as after password and second
factor. What a browser would do for each takes a second of hashing, which is not what we measure.
"""

from __future__ import annotations

import json
import os
import sys


def main(email: str, count: int) -> None:
    """Sign somebody in so many times and print the cookies."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.config.settings")
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from upstander.command.demo_data import PASSPHRASE  # noqa: PLC0415
    from upstander.people import sessions  # noqa: PLC0415
    from upstander.people.keys import unlock_by_password  # noqa: PLC0415
    from upstander.people.models import Person  # noqa: PLC0415

    person = Person.objects.get(email=email)
    seed = unlock_by_password(person, PASSPHRASE)
    cookies = []
    for _ in range(count):
        client = Client()
        client.force_login(person)
        web = client.cookies[settings.SESSION_COOKIE_NAME].value
        unlock = sessions.begin(person, seed, complete=True)
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={web}; {sessions.COOKIE}={unlock}")
    print(json.dumps(cookies))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
