"""Where towns and ZIP codes are, from a file of whoever runs this."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from django.db import transaction
from django.db.models import Func
from msgspec import Meta

from upstander.directory.models import Town
from upstander.directory.vocabulary import folded
from upstander.rulefiles import RuleType, Words, read_table

Degrees = Annotated[
    str, Meta(pattern=r"\A-?\d{1,3}(\.\d+)?\Z", description="degrees such as -72.7")
]


class _Line(RuleType, frozen=True):
    name: Words
    latitude: Degrees
    longitude: Degrees


def load_towns(file: Path) -> int:
    """Let these towns be all that are known, as the owner; return how many.

    A table with the columns name (a town or a ZIP code), latitude and longitude in degrees
    (WGS 84). Of two lines with one name the first counts. Raises RuleFileWrong before any write.
    """
    table = read_table(file, _Line)
    towns: dict[str, Town] = {}
    for one in table:
        latitude, longitude = float(one.latitude), float(one.longitude)
        if abs(latitude) > 85 or abs(longitude) > 180:
            raise table.wrong(one, "latitude or longitude is beyond the map")
        name = folded(one.name)[:80]
        towns.setdefault(name, Town(name=name, latitude=latitude, longitude=longitude))
    with transaction.atomic():
        Town.objects.all().delete()
        Town.objects.bulk_create(towns.values(), batch_size=2000)
        spelled = Func("name", function="directory_nearly")
        Town.objects.filter(name__regex="[^0-9 ]").update(near=spelled)
    return len(towns)
