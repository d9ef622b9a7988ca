"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("people_team", but="renew_key_since"),
    sealed("people_person", but="password last_login"),
    sealed("people_membership"),
    sealed("people_wayin", but="link_hash misses"),
    *unsealed(
        "ends within days, and does nothing without the link",
        "people_invitation",
    ),
    *unsealed(
        "sessions and signing in: they open no key",
        "people_staffsession",
        "people_signinmemory",
        "django_session",
        "account_emailaddress",
        "account_emailconfirmation",
        "mfa_authenticator",
    ),
    *unsealed(
        "a framework's own, without rows that anything hangs on",
        "auth_permission",
        "auth_group",
        "auth_group_permissions",
        "django_content_type",
    ),
)
