"""`upstander restore`: a backup brought back into an empty data folder.

It takes the archive of the system, the copy of the shred keys that was made with it, and the key
files, which lie beside that copy; and the list of what has gone since, by which it destroys again
what the older database brings back. A dump is SQL that runs as the database's owner, so the copy of
the shred keys, from the folder that is trusted, says by their SHA-256 which archives are right.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from upstander.command import dumps
from upstander.command.archives import digest_of, extract, read_manifest
from upstander.command.errors import PlainError
from upstander.command.lasting_keys import KIND, archive_of
from upstander.command.postgres import running_postgres
from upstander.command.prepare import prepare
from upstander.command.recover import running_system
from upstander.command.second_place import fill_second_place
from upstander.command.setup import bring_roles
from upstander.config.home import Home
from upstander.retention.copies import KEPT, TOMBSTONES, Listed, read_list

#: Beside the record's checkpoints: what a restore may have undone, until somebody has confirmed it.
RESTORED: Final = "restored"


def restore(
    home: Home,
    system: str,
    shred_keys: str | None = None,
    gone: str | None = None,
    *,
    keys: str | None = None,
    without_list: bool = False,
) -> None:
    """Bring a backup into an empty data folder, and destroy again what has gone since.

    `gone` is the list of it, `keys` the archive of the key files; without them those beside the
    shred keys are taken. Raises PlainError, and has changed nothing then.
    """
    if any(home.root.glob("*")):
        raise PlainError(
            f"{home.root} is not empty. Restore into a new folder: UPSTANDER_HOME=/path/to/new"
        )
    first = read_manifest(Path(system), "system")
    if shred_keys is None:
        raise PlainError(_alone(Path(system), first))
    second = read_manifest(Path(shred_keys), "shred keys")
    if first["backup"] != second["backup"]:
        raise PlainError("the two archives are of two backups; their times must be the same")
    lasting = Path(keys) if keys else archive_of(Path(shred_keys).parent, first["keys"])
    third = _keys_of(lasting, first)
    listed = None if without_list else _listed(Path(shred_keys), gone)
    sums = _vouched(Path(shred_keys), second, {"system": Path(system), KIND: lasting})
    archives = (
        (Path(system), first, sums["system"]),
        (Path(shred_keys), second, None),
        (lasting, third, sums[KIND]),
    )
    try:
        told = _bring_back(home, archives, listed)
    except BaseException:
        # The folder was empty: leave it so, that nobody takes a half for the whole.
        for path in home.root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    print(
        f"restored into {home.root}\n{told}\nEverybody signs in anew, with the password of that "
        "day. Next: docs/how-to/after-a-restore.md, `upstander doctor`, `upstander serve`."
    )


def _alone(system: Path, manifest: dict[str, Any]) -> str:
    """Say what is missing where somebody has the archive of the system only."""
    made = datetime.fromisoformat(manifest["made"])
    expired = datetime.now(UTC) - made >= KEPT
    shred = system.name.replace("system", "shred-keys")
    return (
        f"{system} holds no key: alone it brings nothing back. Nothing was changed. "
        f"Missing, all from the folder of the keys:\n  {shred}: the shred keys of that day"
        + (
            f". Copies older than {KEPT.days} days are destroyed there, so that what was forgotten "
            "stays so: unless one was carried elsewhere, this backup can't be restored any more"
            if expired
            else f"; destroyed there after {made + KEPT:%Y-%m-%d}"
        )
        + f"\n  {archive_of(Path(), manifest['keys'])}: the key files; it doesn't expire\n"
        f"  {TOMBSTONES}: what has gone since\n"
        "Then: upstander restore SYSTEM SHRED-KEYS"
    )


def _keys_of(lasting: Path, first: dict[str, Any]) -> dict[str, Any]:
    """Return what the archive of the key files lists, if it is the one of this backup."""
    wanted = archive_of(Path(), first["keys"]).name
    if not lasting.exists():
        raise PlainError(
            f"{lasting} is missing: the archive of the key files, without which nobody signs in "
            "and no name opens. Nothing was changed. It lies in the folder of the keys, or where "
            f"you laid a copy: --keys /path/to/{wanted}"
        )
    manifest = read_manifest(lasting, KIND)
    if manifest["backup"] != first["keys"]:
        raise PlainError(f"{lasting} holds other keys than those of this backup, {wanted}")
    return manifest


def _vouched(shred_keys: Path, second: dict[str, Any], archives: dict[str, Path]) -> dict[str, str]:
    """Return the digests of the other two by the archive of the shred keys, if they are those."""
    sums: dict[str, str] = second.get("sums", {})
    if sums.keys() != archives.keys():
        raise PlainError(
            f"{shred_keys} doesn't say by their SHA-256 which archives belong to it, so nothing is "
            "restored by it: a release that didn't write that made it, or somebody changed it"
        )
    for kind, archive in archives.items():
        if digest_of(archive) != sums[kind]:
            raise PlainError(
                f"{archive} is not the archive that was made with {shred_keys.name}: it is damaged "
                "or somebody changed it. Nothing was changed here. Take another copy of it, or "
                "another day's backup, and find out who can write where this one lay"
            )
    return sums


def _listed(shred_keys: Path, given: str | None) -> Listed:
    file = Path(given) if given else shred_keys.with_name(TOMBSTONES)
    try:
        return read_list(file)
    except (OSError, ValueError) as error:
        raise PlainError(
            f"the list of what has gone since can't be read ({error}). Give the newest one that "
            "there is: upstander restore SYSTEM SHRED-KEYS LIST. Only if there is none: "
            "--without-list, and what was forgotten since the backup is back, and whoever was kept "
            "out since is in again"
        ) from None


def _bring_back(
    home: Home,
    archives: Sequence[tuple[Path, dict[str, Any], str | None]],
    listed: Listed | None,
) -> str:
    """Fill the folder and the database; return what stands of it now, in words."""
    home.ensure()
    for archive, manifest, digest in archives:
        extract(archive, manifest, home, digest)
    dump = home.root / "database.dump"
    with running_postgres(home):
        bring_roles(home)
        dumps.load(home, dump)
        dump.unlink()
        prepare(home, migrate=True)
        told = _do_again(listed, archives[0][1]["made"])
        _drop_unknown_files()
        _seal_on(home)
        print(fill_second_place(home))
    (home.record / RESTORED).write_text(told, "utf-8")
    return told


def _do_again(listed: Listed | None, made: str) -> str:
    """Destroy what went after the backup, and keep out who was, before anybody can sign in."""
    import django  # noqa: PLC0415 - settings need the keys, which were brought back by now

    django.setup()
    from upstander.retention.tombstones import replay  # noqa: PLC0415

    done = replay(listed, made)
    if listed is None:
        return (
            f"as of {made}, WITHOUT the list: what was forgotten since is back, and every "
            "exclusion, shut account and withdrawn share of a later date is undone"
        )
    told = (
        f"as of {made}. By the list of {listed.written:%Y-%m-%d %H:%M} UTC: "
        f"{len(listed.gone)} that have gone are destroyed again; {done.exclusions} exclusions, "
        f"{done.shut} shut accounts, {done.left} people who had "
        f"left or led no more, {done.withdrawn} withdrawn shares are set again; "
        f"{done.renew} teams need a new key. What else was changed after that day is as it was: "
        "passwords, second factors, phones, rotas, rules"
    )
    return "; NOT set again: ".join([told, *done.refused])


def confirm(home: Home) -> None:
    """Say that somebody has looked through what a restore undid. Raises PlainError."""
    mark = home.record / RESTORED
    if not mark.exists():
        raise PlainError("no restore waits for that here")
    with running_system(home):
        from upstander.audit.actions import record  # noqa: PLC0415 - after setup()
        from upstander.people.scope import System  # noqa: PLC0415

        record("restore confirmed", actor=System(), subject_kind="system", subject_id="backup")
    mark.unlink()
    print("The record says that it was looked through. `upstander doctor` asks no more.")


def _drop_unknown_files() -> None:
    """Destroy key files that came after the backup's database: nothing in it needs them."""
    from django.conf import settings  # noqa: PLC0415

    from upstander.vault.two_places import drop_unknown  # noqa: PLC0415

    drop_unknown(settings.SHRED_FILES)


def _seal_on(home: Home) -> None:
    """Seal the restored record on: this server's transaction numbers are not those of the old."""
    from upstander.audit.sealing import begin_anew  # noqa: PLC0415
    from upstander.audit.signing import signer  # noqa: PLC0415

    begin_anew(signer(), home.record / "checkpoint", datetime.now(UTC))
