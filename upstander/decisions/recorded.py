"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act, Counts

ACTS = (
    Act("priority set", _("Priority set"), "warning"),
    Act("tip closed", _("Closed"), "check"),
    Act("tip reopened", _("Reopened"), "refresh", counts_as=Counts.AT_WORK),
    Act("second opinion asked", _("Asked for a second opinion"), "scale"),
    Act("second opinion: agreed", _("Agreed as the second person"), "scale"),
    Act("second opinion: refused", _("Declined as the second person"), "scale"),
    Act("marked as no junk", _("Marked as not junk"), "queue"),
)
