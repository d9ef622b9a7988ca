"""What this app writes into the record."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Act, Counts

ACTS = (
    Act("tip filed", _("Received"), "inbox"),
    Act("tip opened", _("Opened"), "eye", counts_as=Counts.OPENING),
    Act("file opened", _("Opened a file"), "file", counts_as=Counts.OPENING),
    Act("file added", _("The reporter added a file"), "attach"),
    Act("file quarantined", _("Quarantined a file"), "lock"),
    Act("message added", _("The reporter wrote"), "message"),
    Act("message hidden on their side", _("The reporter hid a message on their side"), "eye-off"),
    Act("conversation ended by reporter", _("The reporter ended the conversation"), "eye-off"),
    Act("priority raised by answers", _("Priority raised by the reporter's answers"), "warning"),
    Act("reply sent", _("Wrote to the reporter"), "reply"),
    Act("note written", _("Wrote an internal note"), "note", counts_as=Counts.NOTE),
    Act("person named", _("Added a person"), "person"),
    Act("person taken out", _("Removed a person"), "person"),
    Act("who must not see it: settled", _("Settled who must not see it")),
    Act("words taken down", _("Took down what was said")),
    Act("adult link made", _("Made a link for an adult to take words down")),
    Act("adult link taken back", _("Took back a link for an adult to take words down")),
)
