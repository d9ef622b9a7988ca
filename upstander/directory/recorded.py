"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act

ACTS = (
    Act("load services", _("Loaded helping services")),
    Act("add source", _("Added a source of helping services")),
    Act("read source", _("Read what a source of helping services says")),
    Act("delete source", _("Deleted a source of helping services")),
    Act("change source", _("Changed a source of helping services")),
    Act("agree to import", _("Was the first of two to say yes to an import of helping services")),
    Act("import services", _("Said yes to an import of helping services")),
    Act("turn import down", _("Said no to an import of helping services")),
    Act("choose between sources", _("Chose what holds of a helping service: ours or a source’s")),
    Act("export services", _("Downloaded the helping services")),
    Act("change service", _("Changed the facts of a helping service")),
    Act("count places", _("Said how many places of a helping service are free")),
    Act("confirm service", _("Confirmed a helping service")),
    Act("doubt service", _("Marked a helping service as not confirmed")),
    Act("list service", _("Listed a helping service")),
    Act("keep service", _("Took a helping service on, to keep its facts")),
    Act("leave service", _("Let a helping service go that they kept")),
    Act("read service", _("Read every word of a confidential service")),
    Act("unhide service", _("Said that a helping service need not be hidden")),
    Act("unlist service", _("Took a helping service off the list")),
)
