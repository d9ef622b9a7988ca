"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act, Counts

ACTS = (
    Act("allegation filed", _("Filed an allegation in the register")),
    Act("register opened", _("Opened the register"), counts_as=Counts.OPENING),
    Act("register searched", _("Searched the register")),
    Act("register readers settled", _("Settled who reads the register")),
    Act("register change proposed", _("Proposed a change in the register")),
    Act("register change agreed", _("Approved a change in the register")),
    Act("register change taken back", _("Withdrew a change in the register")),
    Act("register change not agreed", _("Declined a change in the register")),
    Act("hiring question answered", _("Hiring question answered")),
    Act("hiring answer agreed", _("Hiring answer agreed")),
    Act("hiring answer not agreed", _("Hiring answer not agreed")),
)
