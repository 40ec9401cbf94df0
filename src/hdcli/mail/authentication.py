"""Whether a mail server of ours found that a mail comes from whom it says (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hdcli.mail.message import Mail

_RESULT = re.compile(r"([a-z][a-z0-9-]*)(?:/\d+)?=([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"((?:header|smtp|policy)\.[a-z0-9_-]+)=(.+)", re.IGNORECASE | re.DOTALL)
_EQUALS = re.compile(r"\s*([=/])\s*")
_QUOTED = "\0"


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
        server, *results = _clauses(raw)
        if server.strip().split(" ")[0].lower().rstrip(".") in trusted:
            return _holds(results, domain)
    return False


def _clauses(raw: str) -> list[str]:
    """What stands between semicolons, without comments and quoted strings: what stands in these may
    be a stranger's. The first alone where one of them has no end."""
    clauses = [""]
    depth = 0
    quoted = False
    letters = iter(" ".join(raw.split()))
    for letter in letters:
        if letter == "\\":
            next(letters, "")
        elif letter == '"' and not depth:
            quoted = not quoted
            clauses[-1] += _QUOTED
        elif quoted:
            continue
        elif letter in "()":
            depth = max(0, depth + (1 if letter == "(" else -1))
            clauses[-1] += " "
        elif letter == ";" and not depth:
            clauses.append("")
        elif not depth:
            clauses[-1] += letter
    return clauses[:1] if quoted or depth else clauses


def _holds(results: Sequence[str], domain: str) -> bool:
    found: dict[str, list[bool]] = {}
    for each in results:
        clean = _EQUALS.sub(r"\1", " ".join(each.split()))
        method, *properties = clean.split() or [""]
        if result := _RESULT.fullmatch(method):
            good = result[2].lower() == "pass" and _is_aligned(result[1], properties, domain)
            found.setdefault(result[1].lower(), []).append(good)
    if "dmarc" in found:
        return all(found["dmarc"])
    return any(found.get("dkim", [])) or any(found.get("spf", []))


def _is_aligned(method: str, properties: Sequence[str], domain: str) -> bool:
    """Whether what was checked is the very domain that From has."""
    keys = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
    wanted = keys.get(method.lower(), ())
    for each in properties:
        named = _PROPERTY.fullmatch(each)
        if named and named[1].lower() in wanted:
            value = named[2].rpartition("@")[2].lower().strip("<>.")
            if value == domain:
                return True
    return False
