"""`upstander doctor`: looks at everything a system needs and says how to mend what is wrong."""

from __future__ import annotations

import shutil
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from functools import partial

import psycopg
from django.core.exceptions import ImproperlyConfigured

from upstander.command.backup import last_backup
from upstander.command.defaults import left_open
from upstander.command.doctor_keys import check_shred_keys
from upstander.command.doctor_lines import check_lines
from upstander.command.doctor_offices import check_offices
from upstander.command.doctor_proxy import check_proxy
from upstander.command.doctor_record import check_record
from upstander.command.doctor_schema import check_schema
from upstander.command.doctor_signed import check_signed
from upstander.command.finding import Finding
from upstander.command.postgres import is_running, running_postgres
from upstander.command.roles import STAFF_ROLES
from upstander.command.serve import demo_mark, is_set_up
from upstander.command.supervisor import answers
from upstander.command.worker import HEARTBEAT_LIMIT, heartbeat_age
from upstander.config import environment
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home
from upstander.vault.errors import VaultError
from upstander.vault.keyring import READERS, Keyring

#: Seconds by which this machine's clock may differ from the database's. Deadlines are the
#: database's, session ends are compared with ours.
CLOCK_LIMIT = 2.0
#: Free space below which filing a tip is in danger: a day of the biggest district, tenfold.
DISK_LIMIT = 2 * 2**30
BACKUP_LIMIT_DAYS = 8


Check = Callable[[Home], Iterator[Finding]]


def doctor(home: Home) -> int:
    """Print a line for each finding; 0 if all is well, else 1."""
    if not is_set_up(home):
        print(f"nothing is set up in {home.root}: run `upstander init`")
        return 1
    # The worker and the sites are looked for before a database is started just for this visit.
    running = bool(environment.given("DATABASE_URL")) or is_running(home)
    findings = [finding for check in (check_folder, check_keys) for finding in check(home)]
    with running_postgres(home):
        for check in (
            check_signing_in,
            check_rights,
            check_database,
            check_schema,
            check_shred_keys,
            check_signed,
            check_places,
            check_states,
            check_offices,
            check_providers,
            check_lines,
            partial(check_watch, running=running),
        ):
            try:
                findings += check(home)
            except psycopg.Error as error:
                mend = "see run/postgres.log or the managed server's log, and try again"
                findings.append(Finding("database", str(error).strip(), mend))
                break
            except (VaultError, ImproperlyConfigured) as error:
                findings.append(Finding("settings", str(error), "as it says"))
    findings += [
        finding
        for check in (check_disk, check_mail, check_proxy, check_backup, check_record)
        for finding in check(home)
    ]
    findings += check_running(home, running=running)
    for finding in findings:
        mark = "NOT WELL" if finding.mend else "well"
        print(f"{mark:<9} {finding.what}: {finding.says}")
        if finding.mend:
            print(f"{'':<9} mend: {finding.mend}")
    bad = sum(1 for finding in findings if finding.mend)
    print(f"{len(findings)} things looked at, {bad} not well" if bad else "all is well")
    return 1 if bad else 0


def check_folder(home: Home) -> Iterator[Finding]:
    """Folders and password files are this account's alone."""
    closed = (home.keys, home.passwords, home.files, *home.passwords.iterdir())
    # The folder itself may let a group pass through: PostgreSQL's account, where root starts it.
    wanted = {home.root: 0o077, **dict.fromkeys(closed, 0o077)}
    open_ones = [
        path for path, bits in wanted.items() if path.exists() and path.stat().st_mode & bits
    ]
    yield Finding(
        "data folder",
        f"others can reach {', '.join(map(str, open_ones))}" if open_ones else str(home.root),
        f"chmod go-rwx {' '.join(map(str, open_ones))}" if open_ones else "",
    )


def check_keys(home: Home) -> Iterator[Finding]:
    """Each key file is there, whole, and closed to others."""
    ring = Keyring(home.keys)
    failed = []
    for name in READERS:
        try:
            ring.read(name)
        except VaultError as error:
            failed.append(str(error))
    if failed:
        yield from (Finding("keys", message, "as it says") for message in failed)
    else:
        yield Finding("keys", f"{len(READERS)} files, each of mode 0600")


def check_signing_in(home: Home) -> Iterator[Finding]:
    """Each process's role gets in, and with no more power than it should have."""
    wrong = []
    for role in Role:
        with psycopg.connect(conninfo_for(role, home), connect_timeout=10) as connection:
            row = connection.execute(
                "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,"
                " rolinherit FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
        if row is None or row[0] or (role is Role.STAFF and row[1]):
            wrong.append(role.login)
    yield Finding(
        "database roles",
        f"{', '.join(wrong)} may do more than they should" if wrong else "five, each with its own",
        "run `upstander migrate`, or the SQL of `upstander init --print-sql`" if wrong else "",
    )


def check_rights(home: Home) -> Iterator[Finding]:
    """The public site's role can touch no table; staff see none before they say who they are."""
    excluded = (Role.PUBLIC.login, *STAFF_ROLES)
    with psycopg.connect(conninfo_for(Role.OWNER, home)) as connection:
        touched = connection.execute(
            "SELECT count(*) FROM pg_class c WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm', 'S') AND has_any_column_privilege(%s, c.oid,"
            " 'SELECT, INSERT, UPDATE, REFERENCES')",
            [Role.PUBLIC.login],
        ).fetchone()
        unguarded = connection.execute(
            # Rights of staff without row-level security would show every district's rows.
            "SELECT DISTINCT c.relname FROM pg_class c, unnest(%s::text[]) AS role(name)"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relrowsecurity"
            " AND has_any_column_privilege(role.name, c.oid, 'SELECT')"
            " AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid"
            "   AND a.attname = 'district_id' AND NOT a.attisdropped)",
            [list(excluded)],
        ).fetchall()
        opened = list(left_open(connection))
    problems = []
    if touched and touched[0]:
        problems.append(f"{Role.PUBLIC.login} has rights on {touched[0]} tables")
    problems += [f"staff reach {name} without row-level security" for (name,) in unguarded]
    yield Finding(
        "rights",
        "; ".join(problems) or "the public site reaches no table; rows are guarded by district",
        "find out who changed the grants, then run `upstander migrate`" if problems else "",
    )
    yield Finding(
        "what any role may do",
        "; ".join(opened) or "nothing that PostgreSQL allows everybody and none of ours needs",
        "run `upstander migrate`, or the SQL of `upstander init --print-sql` as the server's"
        " superuser"
        if opened
        else "",
    )


def check_database(home: Home) -> Iterator[Finding]:
    """The database is set to keep what it accepts, and its clock and ours agree."""
    with psycopg.connect(conninfo_for(Role.OWNER, home), autocommit=True) as connection:
        settings = connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN"
            " ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'"
        ).fetchall()
        before = time.time()
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
        after = time.time()
    lost = ", ".join(name for name, _ in settings)
    yield Finding(
        "durability",
        f"{lost} is off: a power cut loses tips" if lost else "a commit is on the disk",
        f"switch {lost} on" if lost else "",
    )
    theirs = float(row[0]) if row else 0.0
    skew = max(0.0, before - theirs, theirs - after)
    late = skew > CLOCK_LIMIT
    yield Finding(
        "clock",
        f"differs from the database's by {skew:.1f} s",
        "switch on time synchronisation (systemd-timesyncd or chrony) on both machines"
        if late
        else "",
    )


def check_places(home: Home) -> Iterator[Finding]:
    """It is said where a tip goes that names no place, where there are several centers."""
    with psycopg.connect(conninfo_for(Role.OWNER, home), autocommit=True) as connection:
        named = connection.execute(
            "SELECT d.name, c.name FROM places_district d JOIN places_center c ON c.id ="
            " d.center_id WHERE d.catch_all"
        ).fetchone()
        # The place of the synthetic tips is no place that a reporter's tip could go to.
        row = connection.execute(
            "SELECT count(DISTINCT center_id) FROM places_district"
            " WHERE id NOT IN (SELECT district_id FROM watch_probeplace)"
        ).fetchone()
    several = row is not None and row[0] > 1
    if named:
        says = f"go to {named[0]} ({named[1]})"
    else:
        says = "go to the first district by name" if several else "go to the only center"
    yield Finding(
        "tips without a place",
        says,
        "an administrator names a district under Places" if several and not named else "",
    )


def check_states(home: Home) -> Iterator[Finding]:
    """Each district's State has its folder: no clock of the law runs by one that is missing."""
    from upstander.states import laws  # noqa: PLC0415 - after check_schema, which set Django up

    known = {one.key for one in laws()}
    with psycopg.connect(conninfo_for(Role.OWNER, home), autocommit=True) as connection:
        used = connection.execute(
            "SELECT DISTINCT state FROM places_district ORDER BY 1"
        ).fetchall()
    missing = [state for (state,) in used if state not in known]
    yield Finding(
        "States' law",
        f"no folder for {', '.join(missing)}" if missing else f"read: {len(known)}",
        "put the folder back under states/ (docs/how-to/add-a-state.md), or choose another State"
        " for these districts"
        if missing
        else "",
    )


def check_disk(home: Home) -> Iterator[Finding]:
    """There is room for what comes."""
    free = shutil.disk_usage(home.root).free
    yield Finding(
        "disk",
        f"{free / 2**30:.1f} GiB free",
        "make room or move UPSTANDER_HOME to a larger disk" if free < DISK_LIMIT else "",
    )


def check_mail(home: Home) -> Iterator[Finding]:
    """The mail server takes a connection and, where one is set, the password."""
    if demo_mark(home):
        yield Finding("mail", "the demo keeps it in its outbox")
        return
    host = environment.given("UPSTANDER_SMTP_HOST")
    port = environment.number("UPSTANDER_SMTP_PORT")
    user = environment.given("UPSTANDER_SMTP_USER")
    try:
        with smtplib.SMTP(host, port, timeout=10) as server:
            if environment.is_on("UPSTANDER_SMTP_TLS"):
                server.starttls(context=ssl.create_default_context())
            if user:
                server.login(user, environment.given("UPSTANDER_SMTP_PASSWORD"))
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            "mail",
            f"{host}:{port} does not serve us ({error})",
            "set UPSTANDER_SMTP_HOST, _PORT, _USER, _PASSWORD and _TLS; without mail no team is "
            "told of a tip",
        )
        return
    yield Finding("mail", f"{host}:{port} answers")


def check_providers(home: Home) -> Iterator[Finding]:
    """Texts and calls have two providers each, and all answer."""
    from upstander.carriers.contract import CarrierError  # noqa: PLC0415 - needs Django, as above
    from upstander.carriers.providers import carriers_for  # noqa: PLC0415
    from upstander.rulefiles import RuleFileWrong  # noqa: PLC0415

    mend = "see docs/how-to/providers.md"
    try:
        ways = {channel: carriers_for(channel) for channel in ("sms", "voice", "email")}
    except RuleFileWrong as error:
        yield Finding("providers", str(error), mend)
        return
    for channel, carriers in ways.items():
        if channel != "email" and len(carriers) < 2:
            yield Finding("providers", f"{len(carriers)} of the two for {channel}", mend)
        for carrier in carriers if channel != "email" or carriers[0].name != "mail" else ():
            try:
                carrier.ping()
            except CarrierError as error:
                yield Finding("providers", f"{carrier.name}, {channel}: {error}", mend)
            else:
                yield Finding("providers", f"{carrier.name} answers for {channel}")


def check_backup(home: Home) -> Iterator[Finding]:
    """There is a fresh backup."""
    if demo_mark(home):
        return
    days = last_backup(home)
    if days is None or days > BACKUP_LIMIT_DAYS:
        says = "there is none" if days is None else f"the last one is {days:.0f} days old"
        yield Finding(
            "backup", says, "run `upstander backup FOLDER KEYS` daily, onto two other machines"
        )
    else:
        yield Finding("backup", f"the last one is {days:.0f} days old")


def check_watch(home: Home, *, running: bool) -> Iterator[Finding]:
    """Each lane turns, nothing is known to be wrong, and the last test tip came through."""
    # After check_schema, which set Django up.
    from upstander.watch.look import LANE_LIMIT, STAGES, words_of  # noqa: PLC0415

    with psycopg.connect(conninfo_for(Role.OWNER, home)) as connection:
        lanes = connection.execute(
            "SELECT lane, extract(epoch FROM api.clock_now() - max(at))::float"
            " FROM watch_beat GROUP BY lane ORDER BY lane"
        ).fetchall()
        troubles = connection.execute(
            "SELECT kind, about FROM watch_trouble WHERE ended_at IS NULL ORDER BY since"
        ).fetchall()
        probe = connection.execute(
            "SELECT state, failed_at, reason, (acknowledged_ms - due_ms) / 1000.0 FROM watch_probe"
            " WHERE state <> 'running' ORDER BY began_at DESC LIMIT 1"
        ).fetchone()
        phone = connection.execute(
            "SELECT count(*) FROM people_membership"
            " WHERE team_id = (SELECT team_id FROM watch_probeplace)"
        ).fetchone()
    if running:
        silent = [lane for lane, age in lanes if age > LANE_LIMIT]
        missing = [] if any(lane == "watch" for lane, _ in lanes) else ["watch"]
        wrong = ", ".join([*silent, *missing])
        yield Finding(
            "sweeps",
            f"no sign of life of: {wrong}" if wrong else ", ".join(lane for lane, _ in lanes),
            "look at the log of `upstander serve`, and start it again" if wrong else "",
        )
        for kind, about in troubles:
            yield Finding("trouble", words_of(kind, about), "see /status on the desk")
    if probe is None:
        yield Finding("test tip", "none was sent yet; the first goes out soon after the start")
    elif probe[0] == "failed":
        says = f"the last one stopped where {STAGES.get(probe[1], probe[1])}: {probe[2]}"
        yield Finding("test tip", says, "mend that stage; the next one shows whether it worked")
    elif probe[3] is not None:
        yield Finding("test tip", f"acknowledged {probe[3]:.1f} s after its page was due")
    else:
        yield Finding("test tip", f"came as far as it is followed ({probe[2]})")
    if demo_mark(home):
        return
    unset = not (phone and phone[0])
    yield Finding(
        "test phone",
        "none: test tips are followed only as far as the queue" if unset else "set",
        "set UPSTANDER_TEST_PHONE (docs/how-to/watching.md)" if unset else "",
    )
    outside = bool(environment.given("UPSTANDER_PING_URL"))
    yield Finding(
        "dead man's switch",
        "set" if outside else "none: nobody outside notices when this machine is gone",
        "" if outside else "set UPSTANDER_PING_URL (docs/how-to/watching.md)",
    )


def check_running(home: Home, *, running: bool) -> Iterator[Finding]:
    """The worker's clock ticks and both sites answer."""
    age = heartbeat_age(home.run / "worker.heartbeat")
    stands_still = age is None or age > HEARTBEAT_LIMIT
    start = "start `upstander serve` (or `upstander worker` on the machine that is to run it)"
    yield Finding(
        "worker",
        "has never run" if age is None else f"last seen {age:.0f} s ago",
        start if stands_still or not running else "",
    )
    for site in ("public", "desk"):
        up = answers(site)
        yield Finding(f"{site} site", "answers" if up else "does not answer", "" if up else start)
