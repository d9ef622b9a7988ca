"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("way to the website texted", _("Texted the reporter a way to the website"), "reply"),
    Act("call taken", _("Took the reporter’s call"), "reply"),
    Act("call taken at the own phone", _("The center’s own phone took the call"), "reply"),
    Act("call held", _("Put the caller on hold")),
    Act("call resumed", _("Went on with the caller")),
    Act("call moved", _("Asked somebody else to go on with the call")),
    Act("call ended", _("Ended the call")),
    Act("interpreter asked into the call", _("Asked an interpreter into the call")),
    Act("911 center asked into the call", _("Asked the 911 center into the call")),
    Act("caller left the hold", _("The caller on hold waits for whoever is free")),
    Act("call back wished", _("The reporter wishes to be called"), "message"),
    Act("call back taken back", _("The reporter does not wish to be called any more"), "message"),
    Act("call back not reached", _("The reporter was not reached by phone"), "message"),
    Act("call back settled", _("Settled that the reporter needs no call"), "reply"),
    Act("reporter called back", _("Called the reporter back"), "reply"),
    Act("caller hung up at once", _("The caller hung up within seconds"), "message"),
    Act("came over to the website", _("The reporter came over to the website"), "message"),
    Act("came back by phone", _("The reporter called and came back by their code"), "message"),
    Act("goes on in an earlier tip", _("The caller’s code opened an earlier tip"), "message"),
)
