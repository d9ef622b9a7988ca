"""What this app writes into the record: the agency's own, and read by nobody else."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("client begun", _("Took on a client")),
    Act("client opened", _("Opened a client's folder"), at_will=True),
    Act("client names read", _("Read the list of clients")),
    Act("client changed", _("Changed a client's folder")),
    Act("client written about", _("Wrote about a client")),
    Act("client plan saved", _("Saved a safety plan, with the client's yes")),
    Act("client plan printed", _("Printed a safety plan")),
    Act("client legal aid asked", _("Kept what legal aid asks first, with the client's yes")),
    Act("client deadline set", _("Noted what falls due for a client")),
    Act("client deadline done", _("Said that what fell due is done")),
    Act("client intake sent", _("Sent an intake to a legal aid office, with the client's yes")),
    Act("client intake taken back", _("Took an intake back")),
    Act("client conflict found", _("Said that an intake conflicts; it was destroyed")),
    Act("client ended", _("Closed a client's folder")),
    Act("accompaniment asked", _("Asked for somebody to go along")),
    Act("accompaniment stepped", _("Took a step of going along")),
)
