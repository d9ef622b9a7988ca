"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("places_center"),
    sealed("places_district"),
    sealed("places_school"),
    sealed("places_tilechange"),
    sealed("places_team", but="renew_key_since"),
    sealed("places_person", but="password last_login"),
    sealed("places_membership"),
    sealed("places_matter"),
    sealed("places_matterbar"),
    sealed("places_folder"),
    sealed("places_foldergrant"),
    sealed("places_matterhold"),
    sealed("places_newcomer"),
    sealed("places_publishededition"),
    sealed("places_wayin", but="link_hash misses"),
    *unsealed(
        "ends within days, and does nothing without a second person or the link",
        "places_importproposal",
        "places_invitation",
    ),
    *unsealed(
        "gone after seventy days, and lets nobody in: it only keeps out once more",
        "places_takenback",
    ),
    *unsealed(
        "sessions and signing in: they open no key",
        "places_staffsession",
        "places_signinmemory",
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
