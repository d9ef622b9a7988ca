"""The vault's named failures: one class a failure, so that a caller can say what to do about it.

No message here holds a key, a word of a code or a word that somebody wrote: messages end in logs.
"""


class VaultError(Exception):
    """Anything that the vault refuses."""


class SealBroken(VaultError):
    """A sealed value does not open: other key, other place, or changed bytes."""


class Forgotten(VaultError):
    """The file that a shred key was wrapped by was destroyed: nothing opens it any more."""


class GrantBroken(VaultError):
    """A grant does not open: other holder, tip, audience or version, or changed bytes."""


class KeySwapped(VaultError):
    """A public key is not the one that was signed for this holder and version."""


class StatementForged(VaultError):
    """A statement is not the one that was signed for this subject."""


class KeyFileError(VaultError):
    """A key file cannot be used as it lies; the message says the mend."""


class KeyMissing(KeyFileError):
    """A key file is not there, or cannot be opened by this account."""


class KeyExposed(KeyFileError):
    """A key file can be read by other accounts of the machine."""


class KeyDamaged(KeyFileError):
    """A key file does not hold exactly one key."""


class FileSwapped(KeyFileError):
    """A shred key file is not the one that was made: nothing is renewed before somebody looked."""


class FileStale(KeyFileError):
    """A folder lacks the shred key file that is in force: nothing is renewed by it."""


class PlaceAway(KeyFileError):
    """The second place of the shred key files can't be reached, or is not the one it was."""


class KeyNotForProcess(KeyFileError):
    """A process asked for a key that is not its business (``keyring.READERS``)."""


class WordListUnfit(VaultError):
    """A word list is too small, repeats itself or is ambiguous: no code is made from it."""


class FileBroken(VaultError):
    """An encrypted file does not open: other key, changed, reordered or followed by more bytes."""


class Truncated(FileBroken):
    """An encrypted file ends before its end: bytes are missing."""


class RecoveryBroken(VaultError):
    """A recovery share or code was mistyped or does not belong; the message is for the person."""


class InvitationBroken(VaultError):
    """An invitation does not open with this link and these words."""
