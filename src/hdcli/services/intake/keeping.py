"""What a ticket keeps of a message: what was typed, the files, the message whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hdcli.mail import loops
from hdcli.mail.message import Mail
from hdcli.model import mailed
from hdcli.model.settings import Settings
from hdcli.services.attachments import File, stored
from hdcli.services.intake.letters import Letter

WHOLE = "message.eml"
LARGE = "intake/large"
_MOST_FILES = 100
_MOST_TEXT = 100_000
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """``words`` are what was written, ``remarks`` what hd says of it, for agents; ``files`` go
    beside the ticket, ``extra`` says whence."""

    words: str
    remarks: str
    files: Mapping[str, bytes]
    extra: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The words, and the remarks below them."""
        return "\n\n".join(each for each in (self.words, self.remarks) if each)


def kept(letter: Letter, settings: Settings, ticket: str, text: str) -> Kept:
    """What is kept of a letter on a ticket (by its id), beside ``text``."""
    mail = _mail(letter)
    whole = is_kept_whole(letter, settings)
    files, left_out = _files(mail, settings)
    found = stored(ticket, files)
    extra: dict[str, Any] = {mailed.DIGEST: letter.key}
    if mail.message_id:
        extra = {mailed.MESSAGE_ID: mail.message_id, **extra}
    if whole:
        ((path, data),) = stored(ticket, [(WHOLE, letter.data)]).items()
        found[path] = data
        extra[mailed.RAW] = path
    if loops.wants_no_answer(mail):
        extra[mailed.QUIET] = True
    if leaves_out(letter, settings):
        left_out.append(f"The whole message is where it came in: .git/hd/{LARGE}/{letter.key}.eml")
    if len(text) > _MOST_TEXT:
        left_out.append(f"The text is longer: the rest is in {WHOLE}.")
    remarks = "\n".join(f"[{each}]" for each in (*mail.remarks, *left_out))
    return Kept(text[:_MOST_TEXT].strip(), remarks, found, extra)


def text_of(letter: Letter, settings: Settings) -> str:
    """What was typed; all of the text where the message itself is not kept."""
    mail = _mail(letter)
    return mail.typed if is_kept_whole(letter, settings) else mail.text


def whole_text(letter: Letter, settings: Settings) -> str:
    """All of the text, as far as an entry takes it, where the message itself is not kept."""
    return "" if is_kept_whole(letter, settings) else _mail(letter).text[:_MOST_TEXT].strip()


def is_kept_whole(letter: Letter, settings: Settings) -> bool:
    """Whether the message itself goes into the desk."""
    most = min(settings.mail.keep, settings.max_file) * _MB
    return len(letter.data) <= most


def leaves_out(letter: Letter, settings: Settings) -> bool:
    """Whether something of a letter finds no place in the desk."""
    mail = _mail(letter)
    if is_kept_whole(letter, settings):
        return False
    return bool(_files(mail, settings)[1]) or len(mail.text) > _MOST_TEXT or bool(mail.remarks)


def _mail(letter: Letter) -> Mail:
    assert letter.mail is not None
    return letter.mail


def _files(mail: Mail, settings: Settings) -> tuple[list[File], list[str]]:
    """The files that the desk takes, and what is to be said of the others."""
    files: list[File] = []
    left_out = []
    for each in mail.attachments:
        if each.size > settings.max_file * _MB:
            size = f"{each.size // _MB} MB, the desk takes {settings.max_file}"
            left_out.append(f"{each.name} is not attached: it has {size}.")
        elif len(files) < _MOST_FILES:
            files.append((each.name, each.data))
    if len(mail.attachments) > _MOST_FILES + len(left_out):
        left_out.append(f"More than {_MOST_FILES} files came with it: the message has them all.")
    return files, left_out
