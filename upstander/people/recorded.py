"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("system set up", _("System set up")),
    Act("administrator added", _("Administrator added")),
    Act("signed in", _("Signed in")),
    Act("signed out everywhere", _("Signed out everywhere")),
    Act("password changed", _("Password changed")),
    Act("password reset by email", _("Password reset by email")),
    Act("own details changed", _("Own details changed")),
    Act("keys unlocked by recovery code", _("Keys unlocked by recovery code")),
    Act("recovery code renewed", _("Recovery code renewed")),
    Act("recovery shares made", _("Recovery shares made")),
    Act("recovery shares used", _("Recovery shares used")),
    Act("second factor reset", _("Second factor reset")),
    Act("pin given up", _("Stopped comparing with what was seen before")),
    Act("person changed", _("Person changed")),
    Act("sign-in address changed", _("Sign-in address changed")),
    Act("account shut", _("Deactivated an account")),
    Act("account reopened", _("Reactivated an account")),
    Act("way in taken up", _("Took up the way in to their own reports")),
    Act("invited into team", _("Invited into team")),
    Act("proposed for team", _("Proposed for team")),
    Act("invitation withdrawn", _("Invitation withdrawn")),
    Act("joined team", _("Joined team")),
    Act("membership changed", _("Membership changed")),
    Act("left team", _("Left team")),
    Act("team key renewed", _("Team key renewed")),
    Act("outside monitor added", _("Outside monitor added")),
    Act("monitor's end set", _("Monitor's end set")),
)
