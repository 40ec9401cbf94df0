"""Whether a mail server of ours found that a mail comes from whom it says (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hdcli.mail.message import Mail

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^\s*([a-z][a-z0-9-]*)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)\b(.*)$", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(header|smtp|policy)\.([a-z0-9_-]+)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)


def passed(mail: Mail, servers: Sequence[str]) -> bool:
    """Whether a trusted server found the address in From to be true: DMARC, or DKIM or SPF of its
    domain.

    Servers put their header on top; only the topmost of each trusted name counts, since what came
    in with the message stands below it. A message with two From headers or addresses never passes.
    """
    senders = [each for each in mail.headers.people("from") if each.mail]
    if len(senders) != 1 or len(mail.headers.raws("from")) != 1 or not servers:
        return False
    domain = senders[0].mail.rpartition("@")[2].lower()
    trusted = {each.lower().rstrip(".") for each in servers}
    for raw in mail.headers.raws("authentication-results"):
        server, _, results = _COMMENT.sub(" ", " ".join(raw.split())).partition(";")
        if server.strip().split(" ")[0].lower().rstrip(".") in trusted:
            return _holds(results, domain)
    return False


def _holds(results: str, domain: str) -> bool:
    found: dict[str, bool] = {}
    for each in results.split(";"):
        result = _RESULT.match(each)
        if result is None:
            continue
        method, verdict = result[1].lower(), result[2].lower()
        named = {f"{kind}.{name}".lower(): value for kind, name, value in _PROPERTY.findall(each)}
        good = verdict == "pass" and _is_aligned(method, named, domain)
        found[method] = found.get(method, False) or good
    if "dmarc" in found:
        return found["dmarc"]
    return found.get("dkim", False) or found.get("spf", False)


def _is_aligned(method: str, named: dict[str, str], domain: str) -> bool:
    """Whether what was checked is the very domain that From has."""
    keys = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
    values = [named[key] for key in keys.get(method, ()) if key in named]
    return any(value.rpartition("@")[2].lower().strip("<>.") == domain for value in values)
