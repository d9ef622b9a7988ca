"""An export of students is read as far as it is needed, and what is none is refused in words."""

from __future__ import annotations

import io
import zipfile

import pytest

from upstander.base.refused import Refused
from upstander.emergency.tests.export import ORGS, USERS, export
from upstander.standards import oneroster
from upstander.standards.oneroster import read_export


def test_an_export_is_read_as_far_as_it_is_needed() -> None:
    students = {s.name: s for s in read_export(export())}
    assert set(students) == {
        "Mara Elena Lindqvist",
        "Mara Lindqvist",
        "Liz Torres",
        "Nils Unplaced",
    }
    mara = students["Mara Elena Lindqvist"]
    assert (mara.grade, mara.org, mara.born) == ("08", "Cedar Middle School", "2012-04-01")
    assert (mara.address, mara.language) == ("7 Fern Row, Maple Valley", "es")
    assert mara.needs == "Hard of hearing: face them"
    assert [(g.name, g.relation, g.phones) for g in mara.guardians] == [
        ("Ana Lindqvist", "guardian", "555-0110, 555-0111"),
        ("Per Lindqvist", "parent", "555-0112"),
    ]
    # Race and sex stand in the export and nowhere else.
    assert "female" not in str(mara.as_data())


def test_version_1_2_has_roles_in_a_file_of_their_own_and_comes_as_a_zip() -> None:
    users = (
        "sourcedId,status,enabledUser,givenName,familyName,preferredGivenName,grades,"
        "metadata.address\n"
        's1,active,true,Elisabeth,Torres,Liz,"10",1 Elm Street\n'
    )
    roles = (
        "sourcedId,userSourcedId,roleType,role,orgSourcedId\n"
        "r1,s1,secondary,student,2\nr2,s1,primary,student,1\n"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in (("orgs", ORGS), ("users", users), ("roles", roles)):
            archive.writestr(f"export/{name}.csv", "\ufeff" + text)
        archive.writestr("manifest.csv", "propertyName,value\n")
    (student,) = read_export([("export.zip", packed.getvalue())])
    assert (student.name, student.also) == ("Elisabeth Torres", "Liz Torres")
    assert (student.org, student.address) == ("Cedar Middle School", "1 Elm Street")


@pytest.mark.parametrize(
    "files",
    [
        [("users.csv", USERS.encode())],
        [("orgs.csv", ORGS.encode()), ("users.csv", b"name,address\nx,y\n")],
        [("orgs.csv", ORGS.encode()), ("users.csv", b"\xff\xfe\x00\x00")],
        [("orgs.csv", ORGS.encode()), ("users.csv", b'sourcedId,role\n1,"stud')],
        [("orgs.csv", ORGS.encode()), ("users.csv", b"sourcedId,role\nt1,teacher\n")],
        [("a.zip", b"PK\x05\x06" + bytes(18))],
        [],
    ],
)
def test_what_is_no_export_is_refused_in_words(files: list[tuple[str, bytes]]) -> None:
    with pytest.raises(Refused):
        read_export(files)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oneroster, "MOST_BYTES", 10_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", b"0" * 1_000_000)
    with pytest.raises(Refused, match="too large"):
        read_export([("a.zip", packed.getvalue())])
