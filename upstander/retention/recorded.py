"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("hold placed", _("Hold placed")),
    Act("hold lifted", _("Hold lifted")),
    Act("retention set", _("Retention set")),
    Act("disposal proposed", _("Disposal proposed")),
    Act("disposal agreed", _("Disposal agreed")),
    Act("disposal stopped", _("Disposal stopped")),
    Act("disposed of", _("Destroyed")),
    Act("backup restored", _("Backup restored")),
    Act("restore confirmed", _("Restore confirmed")),
)
