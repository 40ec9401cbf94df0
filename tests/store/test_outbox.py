"""The outbox: what is in it once stays, and each step of a notice's life is its own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from hdcli.store.outbox import Notice, Outbox, OutboxDamaged, folder

DAY = 86_400


def notice(key: str = "k1") -> Notice:
    return Notice(key, "mail", "reply", "HD-7K3QF", "0002-a", "ana@example.org", 0, "Jam", b"Hello")


def test_a_key_is_taken_in_once_and_its_cursor_with_it(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path)) as outbox:
        assert outbox.plan([notice()], {"cursor": "c1"}, 100) != []
        outbox.move("k1", "sent", 200)
        assert outbox.plan([notice()], {"cursor": "c2"}, 300) == []
        assert outbox.note("cursor") == "c2"
        assert outbox.due("mail", 400) == []
        with pytest.raises(ZeroDivisionError):
            outbox.plan((notice(str(1 // n)) for n in (1, 0)), {"cursor": "c3"}, 400)
        assert outbox.note("cursor") == "c2"
        assert outbox.named("1") == []


def test_what_was_sent_keeps_neither_its_words_nor_for_long_its_address(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path)) as outbox:
        outbox.plan([notice()], {}, 100)
        outbox.move("k1", "sent", 200)
        (row,) = outbox.named("k1")
        assert (row.content, row.recipient) == (b"", "ana@example.org")
        outbox.forget(200 + 31 * DAY)
        (row,) = outbox.named("k1")
        assert (row.recipient, row.subject) == ("", "")
        assert outbox.plan([notice()], {}, 300) == []


def test_a_clock_that_goes_back_leaves_nothing_for_years(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path)) as outbox:
        outbox.plan([notice()], {}, 100)
        outbox.move("k1", "queued", 5000, due=5300)
        assert outbox.due("mail", 5200) == []
        assert [each.key for each in outbox.due("mail", 300)] == ["k1"]


def test_what_a_killed_sender_left_has_an_unknown_fate(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path)) as outbox:
        outbox.plan([notice(), notice("k2")], {}, 100)
        outbox.move("k1", "sending", 200)
    with closing(Outbox(tmp_path)) as outbox:
        assert [each.key for each in outbox.recover(300)] == ["k1"]
        assert [each.key for each in outbox.due("mail", 400)] == ["k2"]
        assert outbox.named("k1")[0].state == "unknown"
        assert outbox.named("k1")[0].content == b"Hello"


def test_a_damaged_outbox_sends_nothing_and_says_so(tmp_path: Path) -> None:
    folder(tmp_path).mkdir()
    (folder(tmp_path) / "outbox.sqlite3").write_bytes(b"nonsense" * 1000)
    with pytest.raises(OutboxDamaged, match=r"move .* away"):
        Outbox(tmp_path)
