"""A request to a webhook, and what came of it.

Before the first byte that could deliver it goes out, whoever sends is told; a line that breaks
after that leaves its fate unknown, but for Matrix, which knows a message that it has by its name.
JSON is signed as https://www.standardwebhooks.com has it: ``webhook-id``, ``webhook-timestamp``
and ``webhook-signature``, an HMAC-SHA256 over these and the body with the hook's secret.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from math import ceil
from socket import SHUT_RDWR, socket
from threading import Timer
from urllib.parse import SplitResult, quote, urlsplit
from urllib.request import getproxies, proxy_bypass

from hdcli import __version__
from hdcli.errors import BadUsage, Refused
from hdcli.model.webhook import Webhook
from hdcli.services.notify.delivery import Delivery, in_short, is_here, reason
from hdcli.store.hookplace import HookPlace, variable

TIMEOUT = 30.0
PATIENCE = 60.0
"""Seconds for all of a request and its answer, which a server may give drop by drop."""
_LATER = frozenset((408, 425, 429, 500, 503, 507))
_UNKNOWN = frozenset((502, 504))
_MOST_READ = 400
_LONGEST_WAIT = 86_400
_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Request:
    """What goes out; ``repeatable`` where a second one of the same name is no second message."""

    method: str
    url: SplitResult
    path: str
    headers: Mapping[str, str]
    body: bytes
    repeatable: bool = False


def request(hook: Webhook, place: HookPlace, key: str, body: bytes, now: int) -> Request:
    """The request that tells a hook what a body says; ``now`` is in seconds since 1970.

    Raises BadUsage where it is not known where to, or with what secret.
    """
    url = _url(hook.name, place.url)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"hd/{__version__}",
        "Connection": "close",
    }
    base = f"{url.path or '/'}{f'?{url.query}' if url.query else ''}"
    if hook.form == "matrix":
        if not place.secret:
            raise BadUsage(f"webhook '{hook.name}' has no access token", _how(hook.name, "secret"))
        room = f"/_matrix/client/v3/rooms/{quote(hook.room, safe='')}/send/m.room.message/{key}"
        headers["Authorization"] = f"Bearer {place.secret}"
        return Request("PUT", url, url.path.rstrip("/") + room, headers, body, repeatable=True)
    if hook.form == "json" and place.secret:
        headers |= signed(place.secret, key, now, body)
    return Request("POST", url, base, headers, body)


def signed(secret: str, key: str, now: int, body: bytes) -> dict[str, str]:
    """The headers that sign a body. A secret that begins with ``whsec_`` is base64 after that."""
    import hmac
    from base64 import b64decode, b64encode

    raw = secret.encode()
    if secret.startswith(_PREFIX):
        try:
            raw = b64decode(secret[len(_PREFIX) :], validate=True)
        except ValueError:
            raise BadUsage("what is behind 'whsec_' in a webhook's secret is no base64") from None
    digest = hmac.digest(raw, b".".join((key.encode(), str(now).encode(), body)), "sha256")
    return {
        "webhook-id": key,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def post(wanted: Request, about_to: Callable[[], object]) -> Delivery:
    """Sends it. ``about_to`` is called before anything that could deliver it."""
    connection = _connection(wanted.url)
    try:
        connection.connect()
    except (OSError, HTTPException) as error:
        connection.close()
        return Delivery("later", f"{wanted.url.hostname}: {reason(error)}")
    about_to()
    patience = Timer(PATIENCE, _hang_up, [connection.sock])
    patience.daemon = True
    patience.start()
    try:
        connection.request(wanted.method, wanted.path, wanted.body, dict(wanted.headers))
        response = connection.getresponse()
        return _fate(wanted, response)
    except (OSError, HTTPException) as error:
        said = f"the line broke while it was sent: {reason(error)}"
        return Delivery("later" if wanted.repeatable else "unknown", said)
    finally:
        patience.cancel()
        connection.close()


def _hang_up(line: socket) -> None:
    with suppress(OSError):
        socket.shutdown(line, SHUT_RDWR)  # of what is below a TLS line, too


def _fate(wanted: Request, response: HTTPResponse) -> Delivery:
    said = f"{response.status} {response.reason}".strip()
    if 200 <= response.status < 300:
        return Delivery("sent", said)
    words = in_short(response.read(_MOST_READ).decode("utf-8", "replace"))
    said = f"{said}: {words}" if words else said
    if response.status in _UNKNOWN and not wanted.repeatable:
        return Delivery("unknown", said)
    if response.status in _LATER | _UNKNOWN:
        return Delivery("later", said, _wait(response.headers.get("Retry-After", "")))
    return Delivery("failed", said)


def _wait(said: str) -> int:
    """The seconds that Retry-After (a number or a date) asks for, at most a day; 0 where it says
    nothing that can be read."""
    from email.utils import parsedate_to_datetime

    try:
        seconds = int(said) if said.strip().isdecimal() else _until(parsedate_to_datetime(said))
    except (ValueError, OverflowError):
        return 0
    return max(0, min(seconds, _LONGEST_WAIT))


def _until(moment: datetime) -> int:
    return ceil(moment.timestamp() - time.time())


def _url(name: str, text: str) -> SplitResult:
    if not text:
        raise BadUsage(f"webhook '{name}' has no URL in this clone", _how(name, "url"))
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:
        url = urlsplit("")
    if url.scheme not in ("http", "https") or not url.hostname or not text.isascii():
        raise BadUsage(f"the URL of webhook '{name}' is none", _how(name, "url"))
    if url.scheme == "http" and not is_here(url.hostname):
        said = f"webhook '{name}': what it is told would go to {url.hostname} in the clear"
        raise Refused(said, "give it an https:// URL")
    return url


def _how(name: str, key: str) -> str:
    shown = "https://..." if key == "url" else "..."
    return f"git config hd.webhook.{name}.{key} {shown}, or {variable(name, key)}"


def _connection(url: SplitResult) -> HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "http":
        return HTTPConnection(host, url.port or 80, timeout=TIMEOUT)
    context = ssl.create_default_context()
    port = url.port or 443
    proxy = urlsplit(getproxies().get("https", ""))
    if proxy.hostname and not proxy_bypass(f"{host}:{port}"):
        through = HTTPSConnection(
            proxy.hostname, proxy.port or 8080, timeout=TIMEOUT, context=context
        )
        through.set_tunnel(host, port)
        return through
    return HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
