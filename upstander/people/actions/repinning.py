"""Where the database and what this machine has seen differ: one is made to say what the other does.

What was seen can be put back into the database by whoever runs the system. Going by an older
database again takes both recovery shares of a center, a district or the administration: whoever
could do it alone could bring back an old key or an old center.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.moment import database_now
from upstander.people.comparing import Difference, Differs, differences
from upstander.people.keys import pair_of
from upstander.people.scope import System
from upstander.people.statements import key_verifies, pin_of, verifies
from upstander.vault.errors import RecoveryBroken
from upstander.vault.models import HolderKey, SignedStatement
from upstander.vault.recovery import join


def repin(share_a: str, share_b: str) -> list[Difference]:
    """Forget what this machine has seen that is newer than the database's; return what it was.

    Only what is older: what was never signed, or says something else, goes on counting for nothing.
    Run as the owner. Raises RecoveryBroken.
    """
    public = pair_of(join(share_a, share_b)).public
    known = HolderKey.objects.filter(holder__startswith="recovery:", public=public)
    if not any(key_verifies(key.holder, pin_of(key)) for key in known):
        raise RecoveryBroken(gettext("These shares don’t belong to any place here."))
    older = [one for one in differences() if one.what is Differs.OLDER]
    with transaction.atomic(durable=True):
        for one in older:
            record("pin given up", actor=System(), subject_kind="statement", subject_id=one.subject)
    for one in older:
        settings.PINS.drop(one.subject)
    return older


def put_back() -> list[Difference]:
    """Write what this machine has seen last into the database again, where it lost or changed it.

    Rows that say something else stay as they are: somebody must look at those. Run as the owner.
    """
    done = []
    for one in differences():
        pin = settings.PINS.of(one.subject)
        kind, _, holder = one.subject.partition(":")
        if pin is None or one.what not in {Differs.FORGED, Differs.OLDER}:
            continue
        if kind == "key" and key_verifies(holder, pin):
            # A newer row that nobody signed would go on hiding it.
            HolderKey.objects.filter(holder=holder, version__gte=pin.counter).delete()
            HolderKey.objects.create(
                holder=holder,
                version=pin.counter,
                public=bytes.fromhex(pin.text),
                signature=pin.signature,
            )
        elif kind != "key" and verifies(one.subject, pin):
            SignedStatement.objects.update_or_create(
                subject=one.subject,
                defaults={
                    "counter": pin.counter,
                    "text": pin.text,
                    "signature": pin.signature,
                    "at": database_now(),
                },
            )
        else:
            continue
        done.append(one)
    return done
