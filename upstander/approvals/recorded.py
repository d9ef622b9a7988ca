"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("approval asked", _("Asked for a second person’s approval")),
    Act("approval approved", _("Approved as the second person")),
    Act("approval refused", _("Refused as the second person")),
    Act("approval withdrawn", _("Withdrew what waited for approval")),
)
