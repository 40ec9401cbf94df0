"""How an IMAP mailbox is named: by people, ``imaps://user@host/INBOX``, and by its server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from hdcli.errors import BadUsage

VARIABLE = "HD_IMAP_PASSWORD"
_PORTS = {"imaps": 993, "imap": 143}
_EXAMPLE = "imaps://USER@mail.example.org/INBOX"


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox on a server. ``imap`` goes on only with STARTTLS, but on this machine."""

    scheme: str
    host: str
    port: int
    user: str
    folder: str

    @property
    def place(self) -> str:
        """As messages name it."""
        return f"{self.user}@{self.host}/{self.folder}"

    @property
    def is_here(self) -> bool:
        """Whether the server is this machine."""
        return self.host.lower() in ("localhost", "127.0.0.1", "::1")


def box(text: str) -> Box:
    """The mailbox that ``imaps://user@host/INBOX`` names. Raises BadUsage."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError:
        port, host, parts = None, None, urlsplit("")
    if parts.scheme not in _PORTS or not host or not parts.username:
        raise BadUsage(f"'{text.rpartition('@')[2]}' is no mailbox", f"write {_EXAMPLE}")
    if parts.password is not None:
        remedy = f"git's credential helper keeps it, or {VARIABLE} has it"
        raise BadUsage("no password belongs into the address of a mailbox", remedy)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    user = unquote(parts.username)
    if any(each in f"{user}{folder}" for each in "\r\n\0"):
        raise BadUsage("a mailbox has its name on one line", f"write {_EXAMPLE}")
    return Box(parts.scheme, host, port or _PORTS[parts.scheme], user, folder)


def quoted(folder: str) -> str:
    """A folder's name as IMAP has it: modified UTF-7 (RFC 3501, 5.1.3), in quotes."""
    found = []
    for plain, other in re.findall(r"([ -~]+)|([^ -~]+)", folder):
        if plain:
            found.append(plain.replace("&", "&-"))
        else:
            from base64 import b64encode

            coded = b64encode(other.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            found.append(f"&{coded}-")
    text = "".join(found).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
