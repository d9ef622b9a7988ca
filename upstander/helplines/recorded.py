"""What this app writes into the record: the agency's own, and read by nobody else."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("client begun", _("Took on a client"), takes=True),
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
    Act("client partner told", _("Told a partner who comes, with the client's yes")),
    Act("client partner untold", _("Took back what a partner was told")),
    Act("hand-over asked", _("Asked the backup to take it over")),
    Act("hand-over kept", _("Kept it: nobody else is rung")),
    Act("handed over", _("Took it over from a colleague"), takes=True),
    Act("volunteer marked", _("Said that somebody is a volunteer")),
    Act("volunteer may take", _("Said that a volunteer may take contacts")),
    Act("volunteer may not take", _("Said that a volunteer takes no contacts for now")),
    Act("volunteer ended", _("Said that somebody is no volunteer any more")),
    Act("accompaniment asked", _("Asked for somebody to go along")),
    Act("accompaniment stepped", _("Took a step of an accompaniment")),
)
