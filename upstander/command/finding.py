"""What `upstander doctor` found at one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `mend` is empty if it is well."""

    what: str
    says: str
    mend: str = ""
