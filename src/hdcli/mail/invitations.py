"""What a calendar file says that came with a mail: what, when and where."""

from __future__ import annotations

from hdcli.mail import decoding
from hdcli.mail.structure import Part


def said(part: Part) -> str:
    """In a line."""
    text = decoding.text(part.content(200_000), "utf-8").replace("\n ", "").replace("\n\t", "")
    event = text.partition("BEGIN:VEVENT")[2] or text
    values: dict[str, str] = {}
    for line in event.split("\n")[:500]:
        name, colon, value = line.partition(":")
        if colon and name:
            values.setdefault(name.partition(";")[0].upper(), value.strip())
    method = text.partition("METHOD:")[2].partition("\n")[0].strip().upper()
    what = {"CANCEL": "A cancelled meeting", "REPLY": "An answer to an invitation"}
    words = [what.get(method, "An invitation")]
    if summary := values.get("SUMMARY", ""):
        plain = summary.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ")
        words.append(f": {plain[:200]}")
    if start := values.get("DTSTART", ""):
        words.append(f", {_moment(start)}")
    if place := values.get("LOCATION", ""):
        words.append(f", {place[:100].replace(chr(92), '')}")
    return "".join(words) + "."


def _moment(value: str) -> str:
    """``20261201T093000Z`` as people read it."""
    digits = value[:8] if value[:8].isdecimal() else ""
    if len(digits) < 8:
        return value[:30]
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    hours = f" {value[9:11]}:{value[11:13]}" if value[8:9] == "T" else ""
    return day + hours + (" UTC" if value.endswith("Z") else "")
