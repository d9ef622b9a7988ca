"""Writes the digests of what must stand in a database, from one made from nothing.

Run by `make digests`, after a function, a trigger, a policy or a grant was changed.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "upstander.config.settings"


def main() -> None:
    """Start a throw-away server, bring it to this release, and write down what stands in it."""
    # Starts the server when it is imported, and ends it at exit; Django needs to know its place.
    import_module("upstander.command.testing")
    import_module("django").setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from upstander.config.database import Role, conninfo_for  # noqa: PLC0415
    from upstander.schema import apply, shipped  # noqa: PLC0415

    owner = conninfo_for(Role.OWNER, settings.HOME)
    with psycopg.connect(owner, dbname="postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE upstander_digests")
    connection.settings_dict["NAME"] = "upstander_digests"
    apply.migrate()
    print(f"{shipped.write()} digests written")
    connection.close()


if __name__ == "__main__":
    main()
