"""Django's side of ``passwords``: the login hash, Argon2id with a secret file as pepper.

The pepper is ``settings.PASSWORD_PEPPER`` (32 bytes of the key file ``password-pepper``), read when
a password is hashed, so that a process without it can still load its settings.
"""

import base64
import hmac
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.core.exceptions import ImproperlyConfigured

from .passwords import LANES, MEMORY_KIB, PASSES, login_verifier

_PARAMETERS: Final = f"m={MEMORY_KIB},t={PASSES},p={LANES},k=1"  # k: which pepper


class PepperedArgon2(BasePasswordHasher):
    """Stores ``upstander_argon2id$parameters$salt$verifier`` (105 characters)."""

    algorithm = "upstander_argon2id"

    def encode(self, password: str, salt: str) -> str:
        """Return the stored form of a password; about 0.15 s of one core."""
        if not salt or "$" in salt:
            raise ValueError("a salt is not empty and holds no $")
        verifier = login_verifier(password, salt.encode(), _pepper())
        return f"{self.algorithm}${_PARAMETERS}${salt}${_text(verifier)}"

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of a stored form. Raises ValueError when it is none of ours."""
        algorithm, parameters, salt, verifier = encoded.split("$")
        if algorithm != self.algorithm:
            raise ValueError("not a hash of this hasher")
        return {
            "algorithm": algorithm,
            "parameters": parameters,
            "salt": salt,
            "hash": verifier,
        }

    def verify(self, password: str, encoded: str) -> bool:
        """Tell whether the password is the one that was encoded, in constant time."""
        parts = self.decode(encoded)
        if parts["parameters"] != _PARAMETERS:
            return False
        try:
            verifier = login_verifier(password, parts["salt"].encode(), _pepper())
        except ValueError:  # a megabyte in the password field is a wrong password
            return False
        return hmac.compare_digest(parts["hash"], _text(verifier))

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """Return what may be shown of a stored form."""
        parts = self.decode(encoded)
        return {
            "algorithm": parts["algorithm"],
            "parameters": parts["parameters"],
            "salt": mask_hash(parts["salt"]),
            "hash": mask_hash(parts["hash"]),
        }

    def must_update(self, encoded: str) -> bool:
        """Never rehash behind a person's back.

        A new salt means another wrapping key, and the private seed would no longer open.
        """
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to even out: there is one set of parameters only."""


def salt_of(encoded: str) -> bytes:
    """Return the salt of a stored form, to wrap the private seed under the same run.

    Keep it with the wrapped seed: an email reset changes the login hash and its salt, but not the
    wrapped seed. Raises ValueError for a form of another hasher.
    """
    salt: str = PepperedArgon2().decode(encoded)["salt"]
    return salt.encode()


def _text(verifier: bytes) -> str:
    return base64.urlsafe_b64encode(verifier).decode().rstrip("=")


def _pepper() -> bytes:
    pepper: bytes | None = getattr(settings, "PASSWORD_PEPPER", None)
    if not pepper:
        raise ImproperlyConfigured(
            "PASSWORD_PEPPER is not set: this process cannot check or set passwords. "
            "It is the key file `password-pepper`, which the desk and the command read."
        )
    return pepper
