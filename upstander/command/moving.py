"""`upstander move`: another center answers for a district, where no supervisor signs it."""

from __future__ import annotations

from upstander.command.errors import PlainError
from upstander.command.recover import ask, running_system
from upstander.config.home import Home


def move(home: Home, *, district: str, center: str) -> None:
    """Do what was asked for under Transfers, with both recovery shares of the district.

    Only where a supervisor of the present center has refused, was silent for seven days, or is not
    there. Raises PlainError.
    """
    shares = ask("First share"), ask("Second share")
    with running_system(home):
        from upstander.approvals.actions import mail  # noqa: PLC0415 - after setup()
        from upstander.base.refused import Refused  # noqa: PLC0415
        from upstander.places.models import Center, District  # noqa: PLC0415
        from upstander.triage.moving import actions  # noqa: PLC0415
        from upstander.vault.errors import RecoveryBroken  # noqa: PLC0415

        of = District.objects.filter(slug=district).first()
        to = Center.objects.filter(slug=center).first()
        if of is None or to is None:
            known = ", ".join(
                (District if of is None else Center).objects.values_list("slug", flat=True)
            )
            raise PlainError(
                f"there is no {district if of is None else center}; there are: {known}"
            )
        try:
            told = actions.force_move(of, to, *shares)
        except (Refused, RecoveryBroken) as error:
            raise PlainError(str(error)) from None
        sent = mail(told, f"{to.name} answers for {of.name}, by the district's recovery shares")
    print(
        f"{to.name} answers for {of.name} from now on. {sent} people in charge were told by mail."
    )
    print("Tips from before open for the other center alone: its supervisor passes them on, under")
    print("Transfers. The shares stay good; put them back into their two safes.")
