"""Real messages for benches of mail: those beside the checkout, and those of CPython's tests."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from importlib.util import find_spec
from pathlib import Path

_START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_TOPICS = ("printer", "VPN", "password", "screen", "mailbox", "licence", "Wi-Fi", "telephone")


def folder() -> Path:
    """Where the messages beside the checkout lie: ``HD_DATA``, else ``../shared/data``."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    return Path(os.environ.get("HD_DATA", beside)) / "mail"


def corpus() -> dict[str, bytes]:
    """Every message there is, by its name; HTML replies as the bodies of messages."""
    found = {}
    for path in sorted(folder().glob("*/*")):
        if path.suffix == ".html":
            head = b"From: Ana Silva <ana@example.org>\nContent-Type: text/html; charset=utf-8\n\n"
            found[path.name] = head + path.read_bytes()
        elif path.suffix != ".json" and not path.name.endswith("_text"):
            found[path.name] = path.read_bytes()
    spec = find_spec("test.test_email")
    if spec and spec.origin:
        data = Path(spec.origin).parent / "data"
        found.update((path.name, path.read_bytes()) for path in sorted(data.glob("*.txt")))
    return found


def requests(count: int, seed: int = 1) -> Iterator[bytes]:
    """Made-up messages as people send them: one in four answers an earlier one, one in eight has a
    picture, one in ten is HTML alone."""
    draw = random.Random(seed)
    people = [f"Person {number} <p{number}@corp.example>" for number in range(count // 10 + 50)]
    sent: list[tuple[str, str, str]] = []
    for number in range(count):
        message = EmailMessage()
        who, topic = draw.choice(people), draw.choice(_TOPICS)
        text = f"Hello,\n\nthe {topic} in room {draw.randrange(300)} does not work ({number}).\n"
        if sent and number % 4 == 3:
            message_id, who, subject = draw.choice(sent)
            message["In-Reply-To"] = message_id
            message["Subject"] = f"Re: {subject}"
            text = f"It still fails ({number}).\n\nOn Monday the desk wrote:\n> Is it better now?\n"
        else:
            message["Subject"] = f"{topic} {number} à réparer"
        message["From"], message["To"] = who, "help@example.org"
        message["Message-ID"] = f"<{number}.{seed}@corp.example>"
        message["Date"] = format_datetime(_START + timedelta(minutes=number))
        if number % 10 == 9:
            message.set_content(f"<p>Hello,</p><p>{text}</p>", subtype="html")
        else:
            message.set_content(f"{text}\n-- \n{who}\nTel. +33 1 23 45 67 89\n")
        if number % 8 == 7:
            picture = draw.randbytes(8000)
            message.add_attachment(picture, "image", "png", filename=f"écran-{number}.png")
        if "In-Reply-To" not in message:
            sent.append((message["Message-ID"], who, message["Subject"]))
        yield message.as_bytes()


def maildir(place: Path, messages: Iterator[bytes]) -> int:
    """Puts messages into a new Maildir; gives how many."""
    for name in ("new", "cur", "tmp"):
        (place / name).mkdir(parents=True)
    count = 0
    for count, data in enumerate(messages, 1):
        (place / "new" / f"{1_700_000_000 + count}.{count}.bench").write_bytes(data)
    return count
