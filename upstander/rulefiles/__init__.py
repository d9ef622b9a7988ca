"""Files of rules and of content, read into types: docs/rule-files.md. Imports no app."""

from upstander.rulefiles.law import LawFile, OfLaw, Permits, Protects, laws_in, with_confirmed
from upstander.rulefiles.reading import (
    LARGEST,
    as_rules,
    data_file,
    digest_of,
    parse_rules,
    read_bytes,
    read_rules,
)
from upstander.rulefiles.tables import Table, parse_table, read_table
from upstander.rulefiles.translations import digest_with
from upstander.rulefiles.types import Key, RuleType, Words, key_entries, once, placed, translated
from upstander.rulefiles.wrong import RuleFileWrong

__all__ = [
    "LARGEST",
    "Key",
    "LawFile",
    "OfLaw",
    "Permits",
    "Protects",
    "RuleFileWrong",
    "RuleType",
    "Table",
    "Words",
    "as_rules",
    "data_file",
    "digest_of",
    "digest_with",
    "key_entries",
    "laws_in",
    "once",
    "parse_rules",
    "parse_table",
    "placed",
    "read_bytes",
    "read_rules",
    "read_table",
    "translated",
    "with_confirmed",
]
