"""What a calendar file says that came with a mail: what, when and where."""

from __future__ import annotations

import re

from hdcli.mail import decoding
from hdcli.mail.structure import Part

# A name of letters ends where its parameters begin: a long word is not tried from each of them.
_LINE = re.compile(r'([A-Za-z-]{1,60})((?:;(?:"[^"]*"|[^":])*)?):(.*)')
_ZONE = re.compile(r';TZID=(?:"([^"]*)"|([^;]*))', re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")
_WHAT = {"CANCEL": "A cancelled meeting", "REPLY": "An answer to an invitation"}


def said(part: Part) -> str:
    """In a line."""
    text = decoding.text(part.content(200_000), "utf-8").replace("\n ", "").replace("\n\t", "")
    event = text.partition("BEGIN:VEVENT")[2] or text
    values: dict[str, tuple[str, str]] = {}
    for line in event.split("\n")[:500]:
        if found := _LINE.match(line[:2000]):
            values.setdefault(found[1].upper(), (found[3].strip(), found[2]))
    method = text.partition("METHOD:")[2].partition("\n")[0].strip().upper()
    words = [_WHAT.get(method, "An invitation")]
    if summary := values.get("SUMMARY", ("",))[0]:
        words.append(f": {_plain(summary)[:200]}")
    if start := values.get("DTSTART"):
        words.append(f", {_moment(*start)}")
    if place := values.get("LOCATION", ("",))[0]:
        words.append(f", {_plain(place).strip()[:100]}")
    return "".join(words) + "."


def _plain(value: str) -> str:
    """A value without its escapes, on one line."""
    return _ESCAPED.sub(lambda each: " " if each[1] in "nN" else each[1], value)


def _moment(value: str, parameters: str) -> str:
    """``20261201T093000Z`` as people read it, with the zone that the calendar names."""
    if not value[:8].isdecimal() or len(value) < 8:
        return value[:30]
    day = f"{value[:4]}-{value[4:6]}-{value[6:8]}"
    if value[8:9] != "T":
        return day
    zone = _ZONE.search(parameters)
    named = f" ({(zone[1] or zone[2] or '')[:60]})" if zone else ""
    return f"{day} {value[9:11]}:{value[11:13]}" + (" UTC" if value.endswith("Z") else named)
