"""Services that a test needs besides those of the State's file."""

from __future__ import annotations

import json
from uuid import uuid4

from django.db.models import TextField
from django.db.models.functions import MD5, Cast

from upstander.directory.models import Service


def another_of(service: Service, slug: str, *, adds: str = "", **fields: object) -> Service:
    """Keep a service like ``service``, read word for word; ``adds`` is added to each name."""
    made = Service.objects.get(pk=service.pk)
    made.pk, made.slug, own = uuid4(), slug, str(service.pk)
    made.record = json.loads(json.dumps(made.record).replace(own, str(made.pk)))
    made.record["name"] += adds
    for one in made.record["attributes"]:
        if one["link_type"] == "translated.name":
            one["value"] += adds
    for name, value in fields.items():
        setattr(made, name, value)
    made._state.adding = True
    made.save()
    Service.objects.filter(pk=made.pk).update(read_mark=MD5(Cast("record", TextField())))
    return made
