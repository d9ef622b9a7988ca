"""What `upstander doctor` says of the numbers that students text and call."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import psycopg

from upstander.command.finding import Finding
from upstander.config import environment
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home

if TYPE_CHECKING:
    from upstander.carriers.providers import Line


def check_lines(home: Home) -> Iterator[Finding]:
    """Each line is of a provider that carries texts, and of a district that there is."""
    with psycopg.connect(conninfo_for(Role.OWNER, home), autocommit=True) as connection:
        there = {slug for (slug,) in connection.execute("SELECT slug FROM places_district")}
    yield from of_lines(there)


def of_lines(districts: Collection[str]) -> Iterator[Finding]:
    """Give a finding for each line of the file, where these districts are there."""
    from upstander.carriers.models import Channel  # noqa: PLC0415 - needs Django, set up by now
    from upstander.carriers.providers import lines, provider_named  # noqa: PLC0415
    from upstander.rulefiles import RuleFileWrong  # noqa: PLC0415

    try:
        known = {line: provider_named(line.provider) for line in lines()}
    except RuleFileWrong:
        return  # check_providers says it
    mend = "see docs/how-to/telephony.md"
    for line, provider in known.items():
        name = f"line {line.number}"
        if provider is None or Channel.SMS not in provider.channels:
            yield Finding(name, f"{line.provider} carries no texts", mend)
        elif line.district and line.district not in districts:
            yield Finding(name, f"there is no district {line.district}", mend)
        elif environment.given("UPSTANDER_TEST_PHONE") == line.number:
            yield Finding(name, "it is the self-test's phone: what that is sent comes here", mend)
        elif line.calls and (wrong := _calls_fail(line)):
            yield Finding(name, wrong, mend)
        elif len({one.provider for one in known}) < 2:
            yield Finding(name, "no line at another provider carries replies in its place", mend)
        else:
            takes = "texts and calls" if line.calls else "texts"
            whose = line.district or "every district"
            yield Finding(name, f"{takes} of {whose}, by {line.provider}")


def _calls_fail(line: Line) -> str:
    """Return why a line that is to take calls can't, or leaves somebody without an answer."""
    from upstander.carriers.providers import interpreter_keys  # noqa: PLC0415 - needs Django
    from upstander.carriers.switch import switch_named  # noqa: PLC0415
    from upstander.rulefiles import RuleFileWrong  # noqa: PLC0415

    if switch_named(line.provider) is None:
        return f"{line.provider} connects no calls"
    if not line.fallback:
        return "no fallback phone: where no counselor picks up, a caller waits without end"
    if line.fallback == line.number:
        return "its fallback phone is itself"
    try:
        interpreter_keys(line)
    except RuleFileWrong as error:
        return f"the interpreters' keys can't be used: {error}"
    return ""
