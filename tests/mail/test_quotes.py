"""What was typed, and what was quoted, signed and forwarded."""

from __future__ import annotations

import pytest

from hdcli.mail import htmltext, quotes

GONE = {
    "gmail": "Yes.\n\nOn Mon, Apr 2, 2012 at 6:26 PM, Bob\n<b@x.org> wrote:\n\n> Hi\n> there\n",
    "french": "Yes.\n\nLe lun. 3 avr. 2012 à 16:55, Bob <b@x.fr> a écrit\xa0:\n\n> Salut\n",
    "german": "Yes.\n\nAm 03.04.2012 um 16:55 schrieb Bob <b@x.de>:\n\n> Hallo\n",
    "spanish": "Yes.\n\nEl mar., 3 abr. 2012 a las 16:55, Bob\n(<b@x.es>) escribió:\n\n> Hola\n",
    "dutch": "Yes.\n\nOp di 3 apr. 2012 om 16:55 schreef Bob <b@x.nl>:\n\n> Hoi\n",
    "italian": "Yes.\n\nIl giorno 3 apr 2012 Bob <b@x.it> ha scritto:\n\n> Ciao\n",
    "polish": "Yes.\n\nW dniu 3.04.2012 o 16:55, Bob pisze:\n> Hej\n",
    "norwegian": "Yes.\n\nman. 2. apr. 2012 kl. 16:55 skrev Bob <b@x.no>:\n\n> Hei\n",
    "russian": "Yes.\n\nпн, 2 апр. 2012 г. в 16:55, Bob <b@x.ru>:\n\n> Привет\n",
    "finnish": "Yes.\n\nBob <b@x.fi> kirjoitti 2.4.2012 klo 16.55:\n> Hei\n",
    "russian, without a verb": "Yes.\n\nпн, 2 апр. 2012 г. в 16:55, Bob <\nb@x.ru>:\n\n> Привет\n",
    "korean": "Yes.\n\n2012년 4월 2일 (월) 오후 6:26, Bob <b@x.kr>님이 작성:\n\n> 안녕\n",
    "japanese": "Yes.\n\n2012年4月2日(月) 18:26 Bob <b@x.jp>:\n\n> こんにちは\n",
    "czech": "Yes.\n\npo 2. 4. 2012 v 16:55 odesílatel Bob <b@x.cz> napsal:\n\n> Ahoj\n",
    "hebrew": "Yes.\n\n\u202bב-2 באפר׳ 2012 ב-18:26 מאת Bob <b@x.il>:\u202c\n\n> שלום\n",
    "turkish": "Yes.\n\n-----Özgün İleti-----\nKimden: Bob\nKonu: X\n\nSelam\n",
    "zoho": "Yes.\n\n---- On Mon, 02 Apr 2012 17:44 +0400 Bob <b@x.org> wrote ----\n\nHi\n",
    "old gmail": "Yes.\n\n2011/4/7 Bob <b@x.org>\n\n> Hi\n",
    "line end lost": "Yes. On Wed, Apr 4, 2012 at 3:59 PM, bob@x.org wrote:\n> Hi",
    "forward in the quote": "Yes.\n\n-----Original Message-----\n\nFYI\n\n"
    "---------- Forwarded message ----------\nFrom: Bob <b@x>\nTo: me\n\nHi",
    "outlook, japanese": "Yes.\n\n差出人: Bob\n送信日時: 2012年4月2日\n宛先: Ana\n件名: X\n\nHi\n",
    "chinese": "Yes.\n\nBob <b@x.cn> 于2012年4月2日周一 16:55写道：\n\n> 你好\n",
    "notes": "Yes.\n\nBob/Example wrote on 04/02/2012 06:26:12 PM:\n\nHi\n",
    "outlook": "Yes.\n\n________________________________\nFrom: Bob\nSent: Monday\nTo: Ana\n"
    "Subject: Printer\n\nHi\n",
    "outlook, french": "Yes.\n\nDe : Bob <b@x>\nEnvoyé : lundi 3 avril\nÀ : Ana\nObjet : X\n\nHi\n",
    "outlook, german": "Yes.\n\n-----Ursprüngliche Nachricht-----\nVon: Bob\nBetreff: X\n\nHi\n",
    "below": "On 04/02/2012 06:26 PM, Bob wrote:\n> Hi\nYes.",
    "without a mark": "Yes.\n\nOn 2 May 2026, Bob <b@x.org> wrote:\n\nHi\n",
    "proton": "Yes.\n\nSent with [Proton Mail](https://proton.me) secure email.\n",
    "qq": 'Yes.\n\n---Original---\nFrom: "Bob"<b@x.cn>\nTo: "A"<a@x>;\nSubject: Re: X\n\nHi',
    "outlook, mobile": "Yes.\n\nHolen Sie sich Outlook für iOS\n",
    "delimiter": "Yes.\n-- \nAna Silva\nExample Ltd\n",
    "phone": "Yes.\n\nSent from my iPhone\n",
    "phone, french": "Yes.\n\nEnvoyé de mon iPhone\n\n> Le 3 avr., Bob <b@x> a écrit :\n> \n> Hi",
}


@pytest.mark.parametrize("client", GONE)
def test_quotes_and_signatures_go(client: str) -> None:
    assert quotes.typed(GONE[client]) == "Yes."


STAYS = {
    "answers between": "See:\n\n> One?\nYes.\n> Two?\nNo.",
    "one quote, answered": "See:\n\n> Do you use VPN?\n\nNo, never.",
    "what a machine said": "It says\n> ERROR 5\nand nothing else.",
    "a quote, answered in it": "See:\n> -----Original Message-----\n> One?\nYes.\n> Two?\nNo.",
    "a dated sentence": "On 3 May 2026 the printer said:\nERROR 5\nHelp",
    "sent by post": "The old one:\n\nSent via DHL on Monday.",
    "sent from": "Look\n\nSent from my desk, it is easier than by phone.",
    "a line in an mbox": "Hello,\n\n>From Monday on it fails.",
    "a postscript": "Yes.\n\nKind regards,\nAna\n\nPS: call me on 01 23 45 67 89 before noon.",
    "a log": "The log says:\n2026-05-03 10:15:22 cron wrote:\npermission denied",
    "a screen": "2. On the screen it said:\n> Error 5\n3. It stopped.",
    "two dashes": "The file is called\n--\nand nothing opens it. What can I do?",
    "sent in error": "Hallo,\n\nGesendet mit Fehler 5, was nun?",
    "a ruler": "Change my number:\n----\nOffice 12\nTel. 01 23 45 67 89",
    "a sentence": "On Monday the printer wrote:\nsomething odd. On 3 May it said error.\nHelp",
    "a list": "At 10:30 the printer wrote this:\nERROR 5\nIt stands still.",
    "a forward": "See\n\n---------- Forwarded message ---------\nFrom: Bob\nTo: me\n\nHelp\n-- \nB",
    "a name": "It fails.\n\nBest regards,\nAna",
    "nothing else": "> only a quote\n> here",
    "a route": "A ticket please:\nFrom: Paris\nTo: Lyon\nDate: Monday\nThanks",
}


@pytest.mark.parametrize("what", STAYS)
def test_what_was_typed_stays(what: str) -> None:
    assert quotes.typed(STAYS[what]) == STAYS[what]


ENGLISH = "From: Bob <b@x.org>\nSent: Monday\nTo: Ana\nSubject: Printer\n\n"
FRENCH = (
    "-----Message d'origine-----\nDe : Bob <b@x.fr>\nEnvoyé : lundi 3 avril\nÀ : Ana\nObjet : X\n"
)


@pytest.mark.parametrize("block", [ENGLISH, FRENCH])
def test_answers_below_the_headers_of_outlook_stay_where_what_they_answer_has_marks(
    block: str,
) -> None:
    answered = f"Here:\n\n{block}> since when?\nsince monday.\n> and where?\non floor 2"
    assert quotes.typed(answered) == answered


@pytest.mark.parametrize("block", [ENGLISH, FRENCH])
@pytest.mark.parametrize(
    "below",
    [
        "since when?\nsince monday.",
        "> since when?\n> Bob\n\n-- \nAna",
        "Hi Ana,\nsince when?\n\n> it fails\n\nBob",
        f"> since when?\n\n{ENGLISH}it fails",
    ],
)
def test_below_the_headers_of_outlook_all_goes_where_nobody_can_tell_an_answer(
    block: str, below: str
) -> None:
    blank = "" if block.endswith("\n\n") else "\n"
    assert quotes.typed(f"Here:\n\n{block}{blank}{below}") == "Here:"


def test_a_quote_of_ones_own_stays_above_the_mail_that_was_answered() -> None:
    text = "See:\n\n> ERROR 5\n\nOn 2 May 2026 at 10:15, Bob <b@x.org> wrote:\n\n> > Hi\n> What?\n"
    assert quotes.typed(text) == "See:\n\n> ERROR 5"


def test_of_a_goodbye_the_name_stays_and_telephones_go() -> None:
    text = "L'écran est noir.\n\nCordialement,\n\nAna Silva\nLogistique\nTél : 01 23 45 67 89\n"
    assert quotes.typed(text) == "L'écran est noir.\n\nCordialement,\n\nAna Silva"


def test_html_becomes_lines_lists_links_and_marked_quotes() -> None:
    page = """
        <html><head><style>p {}</style></head><body><div style="display:none">hidden</div>
        <p>Hello&nbsp;you,</p><p>see <a href="https://x.org/a">this</a> and
        <a href="mailto:a@x.org">a@x.org</a></p><ul><li>one<li>two</ul>
        <table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table><pre>  x
   y</pre><blockquote>quoted<br>twice</blockquote><script>bad()</script>
    """
    assert htmltext.text(page) == (
        "Hello you,\n\nsee this <https://x.org/a> and a@x.org\n\n- one\n- two\n\na b\nc\n\n"
        "  x\n   y\n\n> quoted\n> twice"
    )


def test_long_lines_of_marks_take_no_time() -> None:
    for mark in ("*", "-", "> *", "_"):
        text = f"{mark * 400}\n" * 1000
        assert quotes.typed(text, forwards=True) == text.strip()  # it was minutes


def test_links_within_links_take_no_time() -> None:
    links = 20_000
    nested = "<span><a href=http://x.org>w " * links + "</a></span>" * links
    assert htmltext.text(nested).count("w") == links  # it was many seconds
