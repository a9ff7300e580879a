"""Backups encrypted in the format of `age`: the site knows public keys, and cannot read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyrage

from matchmaker.errors import ConfigurationError, UnusableFile

ENCRYPTED = b"age-encryption.org/v1"  # how such a file begins
PRIVATE = "AGE-SECRET-KEY-"
SUFFIX = ".age"


def public_keys(text: str) -> Sequence[pyrage.x25519.Recipient]:
    """Return the keys of the settings. Raises ConfigurationError for what is none."""
    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in text.split()]
    except pyrage.RecipientError as error:
        raise ConfigurationError(f"MATCHMAKER_BACKUP_RECIPIENTS holds no key: {error}") from error


def encrypt(path: Path, keys: Sequence[pyrage.x25519.Recipient]) -> None:
    """Put what only the owners of the keys can read in the place of a file."""
    sealed = path.with_name(f"{path.name}{SUFFIX}")
    try:
        pyrage.encrypt_file(str(path), str(sealed), keys)
        sealed.replace(path)
    finally:
        sealed.unlink(missing_ok=True)


def decrypt(source: Path, identity: Path | None, target: Path) -> Path:
    """Return where a backup can be read: at `target` if it had to be decrypted, else as it is.

    `identity` is a file of private keys, as `age-keygen` writes it. Raises ConfigurationError where
    one is needed, UnusableFile for a wrong one or a broken backup.
    """
    with source.open("rb") as file:
        if file.read(len(ENCRYPTED)) != ENCRYPTED:
            return source
    if identity is None:
        raise ConfigurationError(f"{source} is encrypted. Name the file of your key: --identity.")
    try:
        pyrage.decrypt_file(str(source), str(target), _private_keys(identity))
    except (pyrage.IdentityError, pyrage.DecryptError, OSError) as error:
        raise UnusableFile(f"{source} cannot be decrypted with {identity}: {error}.") from error
    return target


def _private_keys(file: Path) -> Sequence[pyrage.x25519.Identity]:
    lines = file.read_text(encoding="utf-8", errors="replace").split()
    return [pyrage.x25519.Identity.from_str(one) for one in lines if one.startswith(PRIVATE)]
