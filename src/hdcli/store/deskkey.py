"""The key that makes a desk's Message-IDs its own: drawn from the desk's first commit.

Every clone of a desk has it, and nobody else; what a requester sees of a mail does not tell it.
"""

from __future__ import annotations

from contextlib import suppress

from hdcli.store.git import Repository

_NAME = "first-commit"


def desk_key(repository: Repository, head: str) -> bytes:
    """The key. Asking git takes a while on a large desk, once a clone."""
    from hashlib import sha256

    place = repository.local / _NAME
    first = ""
    with suppress(OSError, UnicodeDecodeError):
        first = place.read_text(encoding="ascii").strip()
    if len(first) < 40:
        roots = repository.text("rev-list", "--max-parents=0", head).split()
        first = roots[-1]
        with suppress(OSError):
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"{first}\n", encoding="ascii")
    return sha256(f"hd mail {first}".encode()).digest()


def desk_name(repository: Repository, head: str) -> str:
    """What every mail of a desk has in ``X-HD-Desk``: tells desks apart, and tells no key."""
    from hashlib import sha256

    return sha256(b"name" + desk_key(repository, head)).hexdigest()[:16]
