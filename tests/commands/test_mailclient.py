"""Mail in both directions between hd and a mail library of another language, Perl's Email::MIME."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from mailserver import HELP, mail_server, sends
from support import DeskFolder

PROGRAM = Path(__file__).parents[1] / "mailclient.pl"
ANA = "Silva, Ána <ana@corp.example>"
TITLE = "Impossible d'imprimer à l'étage 3 : « bourrage » depuis ce matin, c'est très gênant"
Mail = dict[str, Any]


def is_there() -> bool:
    if not (perl := shutil.which("perl")):
        return False
    return subprocess.run([perl, "-MEmail::MIME", "-e1"], stderr=subprocess.DEVNULL).returncode == 0


def client(deed: str, given: bytes) -> bytes:
    return subprocess.run(["perl", str(PROGRAM), deed], input=given, stdout=-1, check=True).stdout


def write(text: str, to: str = HELP, **headers: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    said = {"From": '"Silva, Ána" <ana@corp.example>', "To": to, "text": text, **named}
    return client("write", json.dumps({"charset": "iso-8859-15", **said}).encode())


def answer(mail: Mail, text: str) -> bytes:
    """What a program makes of a mail that is answered, with all of it quoted."""
    below = "\n".join(f"> {line}" for line in mail["text"].splitlines())
    return write(
        f"{text}\n\nLe 24/11/2026 à 09:00, {mail['From']} a écrit :\n{below}\n",
        Subject=mail["Subject"],
        In_Reply_To=mail["Message-ID"],
        References=f"{mail['References']} {mail['Message-ID']}",
        Message_ID=f"<{len(text)}@mua.example>",
    )


def link(mail: Mail, begin: str) -> bytes:
    """The mail that a link in another one prepares."""
    line = next(each for each in mail["text"].splitlines() if each.startswith(begin))
    url = urlsplit(line.partition(": ")[2])
    return write("", to=url.path, Subject=unquote(url.query.removeprefix("subject=")))


@pytest.mark.skipif(not is_there(), reason="needs Perl's Email::MIME (libemail-mime-perl)")
def test_another_program_reads_what_is_sent_and_its_answers_are_read(a_desk: DeskFolder) -> None:
    came: list[bytes] = []
    with mail_server(taking=came.append) as server:
        desk = sends(a_desk, server)

        def take(mail: bytes) -> None:
            desk.hd("intake", "mail", stdin=mail)

        def sent() -> list[Mail]:
            came.clear()
            desk.hd("notify", "run")
            return [json.loads(client("read", each)) for each in came]

        take(write("Ça bourre, 3 € la feuille", Subject=TITLE, Message_ID="<first@mua.example>"))
        (ticket,) = desk.hd("list", "-q").out.split()
        asked = desk.ticket(ticket)
        assert (asked.title, asked.description) == (TITLE, "Ça bourre, 3 € la feuille")
        assert asked.text("requester") == ANA
        (receipt,) = sent()
        assert receipt["Subject"] == f"Re: [{ticket}] {TITLE}"
        assert receipt["In-Reply-To"] == "<first@mua.example>"
        assert receipt["References"].split()[-1] == "<first@mua.example>"
        assert receipt["Auto-Submitted"] == "auto-replied"
        assert 'charset="utf-8"' in receipt["type"]
        assert "Bonjour Ána,\n" in receipt["text"]
        assert "> Ça bourre, 3 € la feuille" in receipt["text"]

        take(answer(receipt, "Toujours pareil à 10 h"))
        desk.hd("resolve", ticket, "-m", "Rouleau remplacé")
        assert desk.ticket(ticket).log[1].body == "Toujours pareil à 10 h"
        solved = sent()[-1]
        assert (solved["Auto-Submitted"], solved["In-Reply-To"]) == (None, "<22@mua.example>")
        take(link(solved, "2 mal"))
        found = desk.ticket(ticket)
        assert (found.status, found.values["csat"]) == ("resolved", 2)
        take(link(solved, "Ce n'est pas résolu"))
        again = desk.ticket(ticket)
        assert (again.status, again.log[-1].body) == ("open", "toujours pas résolu")
