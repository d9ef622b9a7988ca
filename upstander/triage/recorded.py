"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("tip claimed", _("Claimed"), "hand", takes=True),
    Act("tip held", _("Claimed with others, not opened"), "hand"),
    Act("tip taken over", _("Taken over"), "hand", takes=True),
    Act("tip assessed", _("Assessed"), "edit"),
    Act("tip handed off", _("Handed off"), "hand-off"),
    Act("update for the team", _("Updated the school's team"), "send"),
    Act("tip sent back to the center", _("Sent back to the center"), "back"),
    Act("tip sealed to persons", _("Limited access to people by name")),
    Act("tip passed on", _("Passed on to another center")),
    Act("recused themselves", _("Stepped aside"), "person"),
    Act("own words asked for", _("Asked for the reporter's own words"), "eye"),
    Act("next step recorded", _("Noted the next step"), "forward"),
    Act("marked as junk", _("Set aside as junk"), "close"),
    Act("linked to another tip", _("Linked to another tip"), "link"),
    Act("move signed", _("Another center: signed")),
    Act("move done with shares", _("Another center: completed with recovery shares")),
)
