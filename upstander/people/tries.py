"""Wrong passwords: whom they slow down, and whom they must not.

A whole school signs in from one address, its students sit there too, and addresses of accounts are
no secret. So nobody is turned away for where they come from, and a device from which somebody has
signed in before passes whatever others try. Guessing stays slow all the same (ADR 149).
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from django.http import HttpRequest

from upstander.people import known_devices
from upstander.people.limits import take_back, too_many
from upstander.people.turns import address_of

#: Wrong tries within five minutes: at one account from one address; at one account from all
#: addresses together; at one account from a device that it knows.
FROM_ADDRESS, IN_ALL, FROM_DEVICE = 5, 20, 10


@dataclass(frozen=True)
class Counted:
    """What a try was counted under; allauth takes it back when the password was right."""

    under: tuple[tuple[str, str], ...]
    #: The account and the number under which it knows the device; empty: a device that it doesn't.
    device: str = ""

    def rollback(self) -> None:
        """Count only what was wrong."""
        for what, who in self.under:
            take_back(what, who)


def count(request: HttpRequest, email: str) -> Counted | None:
    """Count a try at an account before its password is looked at; None: it is one too many."""
    account = email.strip().lower()
    device = known_devices.device_of(request, account)
    if device is not None:
        known = ("device", f"{account} {device}")
        return None if too_many(*known, tries=FROM_DEVICE) else Counted((known,), known[1])
    here = ("here", f"{account} {address_of(request)}")
    if too_many(*here, tries=FROM_ADDRESS):
        return None
    anywhere = ("anywhere", account)
    return None if too_many(*anywhere, tries=IN_ALL) else Counted((here, anywhere))


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Answers for an account that doesn't exist after as long as for one that does."""

    def _mitigate_timing_attack(self, password: str) -> None:
        # Without a run of its own it has waited for another's (turns.py).
        if getattr(context.request, "has_own_run", True):
            super()._mitigate_timing_attack(password)
