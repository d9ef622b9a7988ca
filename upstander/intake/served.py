"""What the reporter's form knows of centers, districts and schools: plain data, read elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from upstander.intake.taxonomy import TileChange


@dataclass(frozen=True, slots=True)
class PublicCenter:
    """A center and the public key to which new tips are sealed, its signature checked."""

    id: int
    name: str
    phone: str
    holder: str
    key_version: int
    public: bytes


@dataclass(frozen=True, slots=True)
class PublicDistrict:
    id: int
    slug: str
    name: str
    time_zone: str
    languages: tuple[str, ...]
    center_id: int
    tile_changes: tuple[TileChange, ...]
    #: Whose law it has (states/); "" where nothing was read of that.
    state: str = ""


@dataclass(frozen=True, slots=True)
class PublicSchool:
    id: int
    slug: str
    name: str
    town: str
    district_id: int
    #: What tells it from another school of its name; "" where it is the only one.
    apart: str = ""


@dataclass(frozen=True, slots=True)
class PublicPlaces:
    """An immutable snapshot; ``taken_at`` is monotonic seconds."""

    districts: Mapping[int, PublicDistrict]
    schools: Mapping[int, PublicSchool]
    centers: Mapping[int, PublicCenter]
    taken_at: float = field(compare=False)
    #: Where a tip that names no place goes, if an administrator has said so.
    catch_all: PublicDistrict | None = None
    #: Where the system's own test tips go. In no list: only who knows its slug gets there.
    probe: PublicDistrict | None = None

    def district(self, district_id: int | None) -> PublicDistrict | None:
        """Return a district by its id, also the one of test tips."""
        if self.probe is not None and self.probe.id == district_id:
            return self.probe
        return self.districts.get(district_id) if district_id is not None else None

    @property
    def of_schools(self) -> tuple[PublicDistrict, ...]:
        """The districts that have a school: nothing else is offered to a reporter.

        What goes out to children, advocates and legal aid have districts too, and no schools.
        """
        with_schools = {school.district_id for school in self.schools.values()}
        return tuple(d for d in self.districts.values() if d.id in with_schools)

    def district_named(self, slug: str) -> PublicDistrict | None:
        """Return the district of schools by that name, also the one of test tips."""
        if self.probe is not None and self.probe.slug == slug:
            return self.probe
        return next((d for d in self.of_schools if d.slug == slug), None)

    def school_named(self, slug: str) -> PublicSchool | None:
        return next((s for s in self.schools.values() if s.slug == slug), None)

    def schools_of(self, district_id: int) -> tuple[PublicSchool, ...]:
        return tuple(s for s in self.schools.values() if s.district_id == district_id)
