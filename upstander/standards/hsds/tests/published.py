"""What the standard itself says, for tests."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import frictionless
from jsonschema import Draft202012Validator

from upstander.standards.hsds.shapes import KINDS, Kind

FOLDER = Path(__file__).parent / "published"
#: The standard's descriptor of tables, with its mistakes mended (README.md there).
DESCRIPTOR = (FOLDER / "datapackage-3.1-patched.json").read_bytes()
EXAMPLES = sorted(path.stem for path in (FOLDER / "examples").glob("*.json"))
#: What each official example holds.
KIND_OF: dict[str, Kind] = {
    name: next(kind for kind in sorted(KINDS, key=len, reverse=True) if name.startswith(kind))
    for name in EXAMPLES
}


def example(name: str) -> Any:
    """Return an official example."""
    return json.loads(raw_example(name))


def raw_example(name: str) -> bytes:
    """Return an official example as it is published."""
    return (FOLDER / "examples" / f"{name}.json").read_bytes()


@cache
def validator(kind: str, *, strict: bool = False) -> Draft202012Validator:
    """Return the official compiled schema of a full form; strict: no field more than it names."""
    schema = json.loads(gzip.decompress((FOLDER / "schemas" / f"{kind}.json.gz").read_bytes()))
    return Draft202012Validator(_closed(schema) if strict else schema)


@cache
def answer(name: str) -> Draft202012Validator:
    """Return a schema of the API by its name, closed."""
    whole = json.loads((FOLDER / "openapi-3.1-bundled.json").read_bytes())
    schemas = {key: _closed(one) for key, one in whole["components"]["schemas"].items()}
    root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    return Draft202012Validator(root)


def wrong_in_tables(
    archive: bytes, folder: Path, descriptor: bytes | None = None
) -> list[tuple[str, str]]:
    """Return what Frictionless says against an archive's tables, unpacked into ``folder``.

    A kind of mistake and its message each; by the archive's own descriptor where none is given.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as packed_files:
        packed_files.extractall(folder)
    if descriptor:
        (folder / "datapackage.json").write_bytes(descriptor)
    report = frictionless.validate(str(folder / "datapackage.json"))
    return [(kind, message) for kind, message in report.flatten(["type", "message"])]


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _closed(one) for key, one in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        found["additionalProperties"] = False
    return found
