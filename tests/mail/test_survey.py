"""Scores by mail: what the links prepare is read back, and what people write is no score."""

from __future__ import annotations

from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import pytest

from hdcli.mail import addressing
from hdcli.mail.survey import Score, invitation, score_of

TICKET = "HD-7K3QF"


@pytest.mark.parametrize("language", ["en", "fr", "fr-CH", "de"])
def test_each_link_gives_its_score(language: str) -> None:
    lines = invitation("help+x@example.org", TICKET, language).splitlines()
    links = [urlsplit(line.partition(": ")[2]) for line in lines[1:]]
    assert {link.path for link in links} == {"help+x@example.org"}
    subjects = [parse_qs(link.query)["subject"][0] for link in links]
    assert all(addressing.tickets_in_subject(each, "HD") == [TICKET] for each in subjects)
    scores = [score_of(each, "", "HD") for each in subjects]
    assert scores == [*(Score(n, "") for n in (5, 4, 3, 2, 1)), None]  # the last: not solved
    EmailMessage()["Subject"] = subjects[-1]


@pytest.mark.parametrize(
    ("subject", "text", "score"),
    [
        ("Re: [HD-7K3QF] 2/5", "Took a week.\n", Score(2, "Took a week.")),
        ("Re: [HD-7K3QF] Printer", "4\nThank you!", Score(4, "Thank you!")),
        ("Re: [HD-7K3QF] Printer", "5/5", Score(5, "")),
        ("Re: [HD-7K3QF] Printer", "Note : 3 sur 5\n\nmoyen", Score(3, "moyen")),
        ("Re: [HD-7K3QF] Printer", "4/5 merci\nÀ bientôt", Score(4, "merci\nÀ bientôt")),
        ("Re: [HD-7K3QF] Printer", "Note : 4/5 plutôt bien", Score(4, "plutôt bien")),
        ("Re: [HD-7K3QF] Printer", "Note: 2 not helpful", Score(2, "not helpful")),
        ("Re: [HD-7K3QF] Printer", "5/5 - parfait !", Score(5, "parfait !")),
        ("Re: [HD-7K3QF] Printer", "5 stars!!", Score(5, "")),
        ("Re: [HD-7K3QF] Printer", "6", None),
        ("Re: [HD-7K3QF] Printer", "10/10", None),
        ("Re: [HD-7K3QF] Printer", "Note: 25 users still wait", None),
        ("Re: [HD-7K3QF] Printer", "4/5 of the printers are dead", None),
        ("Re: [HD-7K3QF] Printer", "3/5 PCs still fail", None),
        ("Re: [HD-7K3QF] Printer", "1. It still jams", None),
        ("Re: [HD-7K3QF] Printer", "2, that is two, are dead", None),
        ("Re: [HD-7K3QF] Printer", "5 of my colleagues have it too", None),
        ("Re: [HD-7K3QF] 4/5 of the printers are dead", "still", None),
        ("", "", None),
    ],
)
def test_a_score_is_a_number_of_nothing_else(subject: str, text: str, score: Score | None) -> None:
    assert score_of(subject, text, "HD") == score
