"""What came of a mail or of a request to a webhook, in whatever way it went."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from typing import Literal, NamedTuple

Fate = Literal["sent", "later", "failed", "unknown"]
_MOST_SAID = 300


class Delivery(NamedTuple):
    """What came of it: ``later`` for what the server refused for now, to be asked again after
    ``wait`` seconds where it said so."""

    fate: Fate
    said: str = ""
    wait: int = 0


def reason(error: Exception) -> str:
    """Why a line to a server broke, in a few words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return in_short(str(error)) or type(error).__name__


def in_short(said: str) -> str:
    """What a server said, on one line of some length."""
    return " ".join(said.split())[:_MOST_SAID]


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
