"""Which parts of a message are its text, which are files, and what is to be said of some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hdcli.mail import decoding, headers, htmltext, invitations
from hdcli.mail.structure import MAX_PARTS, Part

# A text longer than this is a file of its own; its beginning is shown.
_MOST = 2_000_000
_COMPARED = 100_000
_PLAIN = ("text/plain", "text/markdown")
_TEXTS = (*_PLAIN, "text/html")
_ENRICHED = ("text/enriched", "text/richtext")  # a text where there is no other, else a file
_AMP = ("text/x-amp-html", "text/watch-html")  # as good as HTML
_MESSAGES = ("message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers")
_ENDINGS = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/rfc822-headers": ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/ms-tnef": ".dat",
}
_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_HOW = {"signed-data": "signed as a whole", "enveloped-data": "encrypted"}
_CALENDAR = ("text/calendar", "application/ics")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail, one that its text shows (a logo) among them."""

    name: str
    part: Part

    @property
    def data(self) -> bytes:
        """What it holds: of a message that was forwarded all of it."""
        return self.part.content()

    @property
    def size(self) -> int:
        """About how many bytes it has."""
        encoded = self.part.headers.encoding == "base64"
        return self.part.size * 3 // 4 if encoded else self.part.size


@dataclass
class Contents:
    """What a message has. ``said`` are remarks for who reads the ticket, in English."""

    texts: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    charset: str = ""
    plain: bool = False
    """Whether some of the texts are plain."""

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n\n".join(each for each in self.texts if each.strip())

    def has(self, text: str) -> bool:
        """Whether one of the texts has this, but for blanks and line ends; not where they are very
        long together, as that would take too long."""
        if sum(map(len, self.texts)) > _COMPARED:
            return False
        wanted = " ".join(text.split())
        return any(wanted in " ".join(each.split()) for each in self.texts)

    def say(self, remark: str) -> None:
        """Says something once."""
        if remark not in self.said:
            self.said.append(remark)


def contents(message: Part) -> Contents:
    """The text and the files of a message."""
    found = Contents()
    _take(message, found, within="")
    if sum(1 for _ in message.walk()) >= MAX_PARTS:
        found.say(
            f"This message has more than {MAX_PARTS} parts: the rest is in the whole message."
        )
    return found


def _take(part: Part, found: Contents, within: str) -> None:
    """Takes in a part; ``within`` is the kind of multipart around it."""
    kind = part.type
    if kind.startswith("multipart/") and part.children:
        _take_several(part, found)
    elif _is_text(part, within):
        _take_text(part, found)
    else:
        _take_file(part, found)


def _take_several(part: Part, found: Contents) -> None:
    subtype = part.type.partition("/")[2]
    if subtype == "alternative":
        _take_best(part.children, found)
        return
    if subtype == "signed":
        protocol = part.headers.parameter("content-type", "protocol")
        how = "PGP" if "pgp" in protocol else "S/MIME"
        found.say(f"This message is signed ({how}); the signature is attached, nobody checked it.")
    if subtype == "encrypted":
        found.say("This message is encrypted (PGP); it is attached as it came.")
    for child in part.children:
        _take(child, found, subtype)


def _take_best(children: Sequence[Part], found: Contents) -> None:
    """Of alternatives the first with plain text, else the last that has any; files all."""
    trials: list[tuple[Part, Contents]] = []
    for child in children:
        trial = Contents()
        _take(child, trial, "alternative")
        trials.append((child, trial))
    with_text = [trial for _, trial in trials if trial.text]
    best = next((each for each in with_text if each.plain), with_text[-1] if with_text else None)
    for child, trial in trials:
        if trial is best:
            found.texts += trial.texts
            found.charset = found.charset or trial.charset
            found.plain = found.plain or trial.plain
        if trial is best or not _is_text(child, "alternative"):
            found.files += trial.files
            for remark in trial.said:
                found.say(remark)


def _is_text(part: Part, within: str) -> bool:
    kinds = (*_TEXTS, *({"": _ENRICHED, "alternative": _AMP}.get(within, ())))
    if part.type not in kinds or part.headers.disposition == "attachment":
        return False
    return not (within and _file_name(part)) and within != "encrypted"


def _take_text(part: Part, found: Contents) -> None:
    text, charset = _text(part)
    found.charset = found.charset or charset
    if part.size > _MOST:
        found.say("The text is very long: the rest of it is in the whole message.")
    found.plain = found.plain or part.type in _PLAIN
    text = _without_armour(text, found)
    if part.type in _PLAIN or not found.has(text):  # else the same again, beside the plain text
        found.texts.append(text)


def _without_armour(text: str, found: Contents) -> str:
    """A text that PGP signed in place, without what PGP put around it."""
    if f"\n{_ENCRYPTED}" in f"\n{text}":
        found.say("This message, or a part of it, is encrypted (PGP).")
    before, signed, rest = text.partition(_SIGNED)
    inner, signature, after = rest.partition("-----BEGIN PGP SIGNATURE-----")
    if not signed or not signature:
        return text
    found.say("This message is signed (PGP); nobody checked it.")
    plain = inner.partition("\n\n")[2].replace("\n- ", "\n").removeprefix("- ")
    return before + plain + after.partition("-----END PGP SIGNATURE-----")[2]


def _text(part: Part) -> tuple[str, str]:
    """A part's text, and the charset that it says it is in."""
    data = part.content(_MOST)
    charset = part.headers.parameter("content-type", "charset")
    if part.type in _PLAIN:
        text = decoding.text(data, charset)
        if part.headers.parameter("content-type", "format").lower() == "flowed":
            delsp = part.headers.parameter("content-type", "delsp").lower() == "yes"
            text = _reflowed(text, delsp=delsp)
        return text, charset
    named = charset if decoding.codec_of(charset) else htmltext.charset(data)
    return htmltext.text(decoding.text(data, named)), charset


def _reflowed(text: str, *, delsp: bool) -> str:
    """RFC 3676: lines that end in a blank go on in the next one of the same quote."""
    lines: list[list[str]] = []
    depth_before, flows = 0, False
    for line in text.split("\n"):
        own = line.lstrip(">")
        depth = len(line) - len(own)
        own = own.removeprefix(" ") if depth or line.startswith((" >", " From", "  ")) else own
        if not flows or depth != depth_before or own == "-- ":
            lines.append([">" * depth + " "] if depth else [])
        depth_before, flows = depth, own.endswith(" ") and own != "-- "
        lines[-1].append(own[:-1] if flows and delsp else own)
    whole = ("".join(each) for each in lines)
    return "\n".join(line.rstrip() if line != "-- " else line for line in whole)


def _take_file(part: Part, found: Contents) -> None:
    name = _file_name(part) or _made_up(part, len(found.files))
    found.files.append(Attachment(name, part))
    kind = part.type
    if kind in _TNEF or name.lower() == "winmail.dat":
        found.say(
            "Outlook wrapped the message's files in winmail.dat, which is attached as it came."
        )
    elif kind in _SMIME or name.lower() == "smime.p7m":
        what = part.headers.parameter("content-type", "smime-type").lower()
        how = _HOW.get(what, "encrypted or signed as a whole")
        found.say(f"This message is {how} (S/MIME); it is attached as it came.")
    elif kind in _CALENDAR:
        found.say(invitations.said(part))
    elif kind.startswith("multipart/"):
        found.say("Parts of this message are nested too deep; they are attached as they came.")
    elif kind == "message/partial":
        found.say("This is one part of a message that was sent in pieces.")


def _file_name(part: Part) -> str:
    name = part.headers.parameter("content-disposition", "filename")
    return name or part.headers.parameter("content-type", "name")


def _made_up(part: Part, number: int) -> str:
    ending = _ENDINGS.get(part.type, "")
    if part.type in _MESSAGES and part.children:
        subject = part.children[0].headers.text("subject")[:80]
        if subject:
            return f"{subject}{ending}"
    base = "message" if part.type in _MESSAGES else part.type.partition("/")[0] or "file"
    return f"{base}-{number + 1}{ending}"


def nested(part: Part) -> Iterator[Part]:
    """The messages that are attached to a message, at any depth, themselves."""
    from hdcli.mail import structure

    for each in part.walk():
        if each.type in ("message/rfc822", "message/global"):
            if each.children:
                yield each.children[0]
            elif each.size < 50_000_000:
                yield structure.read(each.content())
        elif each.type in ("message/rfc822-headers", "text/rfc822-headers"):
            data = each.content(100_000)
            yield Part(data, headers.read(data, 0, len(data)), 0, len(data), len(data), each.type)
