"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("case: safety plan printed", _("Case: safety plan printed")),
    Act("guide's text reviewed", _("Guide's text reviewed")),
    Act("language signed", _("Language signed")),
    Act("guide's review taken back", _("Guide's review taken back")),
)
