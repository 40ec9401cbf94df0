"""Broken mail by the thousand: ``python -m bench.fuzz_mail``.

Real messages are mutated: bytes, lines, pieces of others, what parsers trip over, a thousandfold.
Each is read as the intake reads it; with ``--desk`` they are taken in too, on a desk of their own,
which must be sound afterwards. Says the slowest, and fails for a crash, for more than two seconds
of processor time, and for a peak of memory above a bound.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import closing
from pathlib import Path

from bench import desks, mailcorpus

LIMIT = 2.0
MOST_MB = 400
_TOKENS = (
    *(b"=?utf-8?q?=C3?=", b"=?iso-8859-1?b?AAAA", b"\r", b"\0", b"\xff\xfe", b"\n\n", b"\n--\n"),
    *(b"<table><tr><td>", b"<blockquote>", b"<!--", b"<![CDATA[", b"&#x110000;", b"\n> ", b";"),
    *(b'"', b"(", b"<", b"\n ", b"\nContent-Type: multipart/mixed; boundary=x\n\n--x\n", b"--x\n"),
    *(
        b"\nContent-Type: message/rfc822\n\n",
        b"Content-Transfer-Encoding: base64\n",
        b"charset=idna",
    ),
    *(b"\nOn 1 May wrote:\n", b"\nFrom: a\nTo: b\nSubject: c\n", b"charset=utf-16", b"=\n", b"@"),
    *(b"filename*0*=utf-8''%", b"\xe2\x80\xae", b"\nFrom a@b Mon Jan 1 00:00:00 2026\n", b","),
    *(b"\nReferences: " + b"<a@b> " * 50, b"begin 644 x\n", b"A" * 77 + b"\n", b"\x1b$B"),
    *(b"\nContent-Type: text/plain; format=flowed\n\n", b"a \n", b"\x1b$B-!\x1b(B", b"&nbsp;"),
    *(b"\n---------- Forwarded message ----------\nFrom: a <b@c.d>\n", b"\nSent from my phone\n"),
)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz_mail", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--desk", action="store_true", help="take the messages in, too")
    parser.add_argument("--keep", type=Path, help="a folder for those that fail")
    asked = parser.parse_args()
    sources = list(mailcorpus.corpus().values()) + list(mailcorpus.requests(20))
    draw = random.Random(asked.seed)
    failed = _all(asked, sources, draw)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak {peak:.0f} MB (at most {MOST_MB})")
    sys.exit(bool(failed or peak > MOST_MB))


def _all(asked: argparse.Namespace, sources: list[bytes], draw: random.Random) -> int:
    failed = 0
    slowest: list[tuple[float, int, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        takes = _Desk(Path(folder) / "desk") if asked.desk else None
        for number in range(asked.count):
            data = mutated(draw, sources)
            start, took = time.process_time(), 0.0
            try:
                look(data)
                took = time.process_time() - start
                if takes:
                    takes.add(data, number)
            except Exception:
                failed += 1
                traceback.print_exc()
                _keep(asked.keep, f"crash-{number}", data)
            slowest = sorted([*slowest, (took, number, len(data))], reverse=True)[:5]
            if took > LIMIT:
                failed += 1
                _keep(asked.keep, f"slow-{number}", data)
        if takes:
            failed += takes.end()
    print(f"{asked.count:,} messages, {failed} failed; the slowest:")
    for took, number, size in slowest:
        print(f"  {took:.2f} s  message {number}, {size:,} bytes")
    return failed


def _keep(folder: Path | None, name: str, data: bytes) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.eml").write_bytes(data)


def look(data: bytes) -> None:
    """Asks a message everything that the intake asks."""
    from hdcli.mail import authentication, bounces, forwarded, loops, message, orders
    from hdcli.mail.headers import Address
    from hdcli.services.intake.letters import named

    mail = message.read(data)
    own = ("help@example.org",)
    texts = (mail.subject, mail.typed, mail.text, mail.message_id, *mail.references, *mail.remarks)
    for text in texts:
        text.encode("utf-8")  # no lone surrogates
    loops.machine(mail, "desk", own)
    loops.wants_no_answer(mail)
    bounces.read(mail).summary.encode("utf-8", "surrogateescape")
    forwarded.original(mail)
    authentication.passed(mail, ["mx.example.org"])
    orders.split(mail.typed)
    for each in (mail.sender, *mail.recipients[:10], mail.reply_to or Address("", "")):
        named(each)
    for file in mail.attachments[:100]:
        assert len(file.data) <= len(data) * 2 + 100
        file.name.encode("utf-8")


class _Desk:
    """A desk that takes in what comes, some at a time, and accounts for each."""

    def __init__(self, place: Path) -> None:
        from hdcli.app import App
        from hdcli.services.intake.letters import Letter

        self._path = desks.empty_desk(place)
        desks.hd(place, "config", "mail.rate=100000")
        self._app = App(str(place), "alice")
        self._waiting: list[Letter] = []
        self._counts: Counter[str] = Counter()

    def add(self, data: bytes, number: int) -> None:
        """One more message."""
        from hdcli.services.intake.letters import Source, letter

        self._waiting.append(letter(data, Source(f"fuzz {number}", self._app.now)))
        if len(self._waiting) >= 100:
            self._take()

    def _take(self) -> None:
        from hdcli.services.intake.mailroom import MailRoom

        with closing(MailRoom(self._app.session)) as room:
            found = room.take(self._waiting)
        assert len(found) == len(self._waiting)
        self._counts.update(each.kind for each in found)
        defects = [
            each.reason for each in found if "defect" in each.reason or "be read" in each.reason
        ]
        print("\n".join(defects)) if defects else None
        self._counts["defects"] += len(defects)
        self._waiting = []

    def end(self) -> int:
        """Takes in the rest; gives how many things are wrong with the desk."""
        self._take()
        self._app.close()
        print(", ".join(f"{count:,} {kind}" for kind, count in self._counts.items()))
        print(desks.hd(self._path, "fsck").strip().splitlines()[-1])
        return self._counts["defects"]


def mutated(draw: random.Random, sources: list[bytes]) -> bytes:
    """A message with one to six things wrong with it; at most 2 MB."""
    data = bytearray(draw.choice(sources))
    for _ in range(draw.randrange(1, 7)):
        draw.choice(_MUTATIONS)(draw, data, sources)
        del data[2_000_000:]
    return bytes(data)


def _place(draw: random.Random, data: bytearray) -> int:
    """Anywhere; more often among the headers."""
    end = min(len(data), 1500) if draw.random() < 0.5 else len(data)
    return draw.randrange(end + 1)


def _flip(draw: random.Random, data: bytearray, sources: list[bytes]) -> None:
    for _ in range(draw.randrange(1, 20)):
        if data:
            data[draw.randrange(len(data))] = draw.randrange(256)


def _cut(draw: random.Random, data: bytearray, _: list[bytes]) -> None:
    at = _place(draw, data)
    del data[at : at + draw.randrange(1, 400)]


def _truncate(draw: random.Random, data: bytearray, _: list[bytes]) -> None:
    del data[_place(draw, data) :]


def _insert(draw: random.Random, data: bytearray, _: list[bytes]) -> None:
    at = _place(draw, data)
    data[at:at] = draw.choice(_TOKENS) * draw.choice((1, 1, 1, 2, 10, 300, 5000))


def _double(draw: random.Random, data: bytearray, _: list[bytes]) -> None:
    at = _place(draw, data)
    piece = data[at : at + draw.randrange(1, 3000)]
    data[at:at] = piece * draw.choice((1, 2, 50))


def _splice(draw: random.Random, data: bytearray, sources: list[bytes]) -> None:
    other = draw.choice(sources)
    at, start = _place(draw, data), draw.randrange(len(other) + 1)
    data[at : at + draw.randrange(0, 500)] = other[start : start + draw.randrange(1, 20_000)]


def _lines(draw: random.Random, data: bytearray, _: list[bytes]) -> None:
    lines = bytes(data).split(b"\n")
    first, second = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    data[:] = b"\n".join(lines)


def _ends(draw: random.Random, data: bytearray, _: list[bytes]) -> None:
    data[:] = (
        bytes(data).replace(b"\r\n", b"\n").replace(b"\n", draw.choice((b"\r\n", b"\r", b"\n")))
    )


_MUTATIONS = (_flip, _cut, _truncate, _insert, _insert, _double, _splice, _lines, _ends)


if __name__ == "__main__":
    main()
