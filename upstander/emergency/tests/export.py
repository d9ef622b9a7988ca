"""A small OneRoster export of made-up people."""

from __future__ import annotations

ORGS = (
    "sourcedId,status,dateLastModified,name,type\n1,,,Cedar Middle School,school\n"
    "2,,,Birch High School,school\n3,,,Closed School,school\n"
)
USERS = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"
    "metadata.sis.street,metadata.sis.city,metadata.sis.homeLanguage,metadata.sis.disabilityFlag\n"
    's1,,,true,1,student,,,Mara,Lindqvist,Elena,,,,,"g1,g2",08,,7 Fern Row,Maple Valley,es,'
    '"Hard of hearing: face them"\n'
    "s2,,,true,2,student,,,Mara,Lindqvist,,,,,,,11,,9 Hill Road,Maple Valley,,\n"
    "s3,,,true,2,student,,,Liz,Torres,,,,,,,10,,1 Elm Street,Maple Valley,,\n"
    "s4,tobedeleted,,true,1,student,,,Gone,Already,,,,,,,10,,2 Elm Street,,,\n"
    "s5,,,true,3,student,,,Nils,Unplaced,,,,,,,06,,3 Elm Street,,,\n"
    "g1,,,true,1,guardian,,,Ana,Lindqvist,,,,555-0111,555-0110,,,,,,,\n"
    "g2,,,true,1,parent,,,Per,Lindqvist,,,,,555-0112,,,,,,,\n"
    "t1,,,true,1,teacher,,,Tea,Cher,,,,,,,,,5 Secret Road,,,\n"
)
DEMOGRAPHICS = (
    "sourcedId,status,dateLastModified,birthDate,sex,white\ns1,,,2012-04-01,female,true\n"
)


def export() -> list[tuple[str, bytes]]:
    return [
        ("orgs.csv", ORGS.encode()),
        ("users.csv", USERS.encode()),
        ("demographics.csv", DEMOGRAPHICS.encode()),
    ]
