"""Style sheets and scripts of this site, from memory, in the size that the browser takes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

Headers = list[tuple[bytes, bytes]]

#: Only what the public pages use. What staff's pages use is nobody's business here.
_FOLDERS = ("ui/", "doors/", "webapp/")
_TYPES = {
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, plain and compressed as it was collected."""

    content_type: bytes
    plain: bytes = field(repr=False)
    packed: dict[str, bytes] = field(repr=False)

    def answer(self, accepted: str) -> tuple[Headers, bytes]:
        """Return headers and body for a browser that takes these encodings."""
        encoding = next(
            (name for name in ("br", "gzip") if name in accepted and name in self.packed), ""
        )
        body = self.packed[encoding] if encoding else self.plain
        headers = [
            (b"content-type", self.content_type),
            (b"content-length", str(len(body)).encode()),
            # The name holds a hash of the content, so it can be kept for ever.
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"vary", b"accept-encoding"),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"referrer-policy", b"no-referrer"),
        ]
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        return headers, body


def load_static(root: Path, url: str) -> dict[str, StaticFile]:
    """Return address → file for what ``collectstatic`` left in ``root``; empty before it ran."""
    try:
        manifest = json.loads((root / "staticfiles.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    files: dict[str, StaticFile] = {}
    for source, hashed in manifest["paths"].items():
        path = root / hashed
        if not source.startswith(_FOLDERS) or path.suffix not in _TYPES or not path.exists():
            continue
        packed = {
            name: packed_path.read_bytes()
            for name, ending in (("br", ".br"), ("gzip", ".gz"))
            if (packed_path := root / f"{hashed}{ending}").exists()
        }
        files[f"{url}{hashed}"] = StaticFile(_TYPES[path.suffix], path.read_bytes(), packed)
    return files
