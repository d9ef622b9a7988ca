"""The link by which an adult without an account takes down what a child said, once."""

import uuid

from django.db import models

from upstander.people.links import OneUseLink
from upstander.vault.fields import SealedTextField


class AdultLink(OneUseLink):
    """A link that opens the adults' form alone, for one tip of the center's.

    Its maker is told nothing of that tip, not even whether there is one: they may be whom it is
    about. So they read neither its hash nor whether it was used, which keeps no time either
    (``used_at`` is then ``expires_at``), and the tip's matter is kept from them from its beginning.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district_id = models.BigIntegerField()
    #: Which school the form names until the adult names another.
    school_id = models.BigIntegerField(null=True)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    #: For whom it is, in its maker's words.
    note = SealedTextField(blank=True, default="")
    #: Of the desk's own form: whoever has it typed it there, and is kept from nothing by it. Good
    #: for minutes, and gone once it was used.
    own = models.BooleanField(default=False)
    #: The matter that its tip will be, and its maker's code as it stands in that one alone (a
    #: trigger). Both go when it is used, so that no row joins the two.
    matter_id = models.UUIDField(null=True)
    kept_out = models.BinaryField(max_length=32, null=True)

    def __str__(self) -> str:
        return f"adult link {self.id}"
