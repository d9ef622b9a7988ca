"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("contact taken", _("Started a contact"), takes=True),
    Act("contact opened", _("Opened a contact"), at_will=True),
    Act("contact changed", _("Changed a contact")),
    Act("contact ended", _("Ended a contact")),
    Act("referral made", _("Referred them to a service")),
    Act("referral told", _("Told an agency, with their consent")),
    Act("consent taken back", _("Withdrew the consent")),
    Act("agency asked again", _("Asked the agency again")),
    Act("agency answered", _("The agency answered")),
    Act("place held", _("An agency holds a place")),
    Act("place taken", _("The family says yes to the place")),
    Act("place let go", _("The place is no longer needed")),
    Act("family asked", _("Tried to ask the family")),
    Act("family answered", _("The family said whether it helped")),
    Act("referral lost", _("Nobody could reach the family")),
)
