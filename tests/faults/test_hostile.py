"""Ticket files that nobody should trust: reported by name, and no harm to the others."""

from __future__ import annotations

import os
import subprocess

import pytest

from hdcli.errors import BadData
from support import DeskFolder, run_hd

VICTIM = "tickets/7k/HD-7K3QF.yaml"
ESCAPES = "\x1b]0;owned\x07\x1b[2J"
MANY = b"a: [" * 3000


def bodies() -> dict[str, bytes]:
    """What a ticket file may hold that is none."""
    return {
        "bad UTF-8": b"id: HD-7K3QF\ntitle: \xff\xfe\n",
        "a tag": b"id: !!python/object/apply:os.system [id]\n",
        "anchors": b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "duplicate keys": b"id: HD-7K3QF\nid: HD-7K3QF\n",
        "conflict markers": b"id: HD-7K3QF\n<<<<<<< ours\ntitle: a\n=======\ntitle: b\n>>>>>>> x\n",
        "nesting": MANY,
        "escapes": f"{ESCAPES}: x\n".encode(),
        "nothing": b"",
        "a list": b"- a\n- b\n",
        "no YAML": b"{{{ %\n",
        "NUL": b"id: HD-7K3QF\0\n",
    }


def commit(desk: DeskFolder, path: str | bytes, data: bytes, mode: str = "100644") -> None:
    """Puts a file into the desk's branch as a hostile clone would: without looking at it."""
    name = path if isinstance(path, bytes) else path.encode()
    stream = b"commit refs/heads/main\ncommitter M <m@example.org> 1700000000 +0000\ndata 1\nx\n"
    stream += b"from refs/heads/main^0\nM %s inline " % mode.encode()
    stream += b'"%s"\n' % b"".join(b"\\%03o" % byte for byte in name)
    stream += b"data %d\n%s\n" % (len(data), data)
    done = subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=desk.path, input=stream, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    subprocess.run(
        ["git", "reset", "-q", "--hard"], cwd=desk.path, capture_output=True, check=False
    )


def said(desk: DeskFolder, *line: str) -> tuple[int, str]:
    """The exit code, and all that was printed; which no escape, and no defect, is among."""
    ran = run_hd("--desk", str(desk.path), *line)
    text = ran.out + ran.err
    assert "defect" not in text
    assert "\x1b]" not in text
    return ran.code, text


def require_reported(desk: DeskFolder, good: str, name: str) -> None:
    """Readers name the file and list the others; writes to others work."""
    for line in (["list"], ["list", "--json"], ["status"]):
        code, text = said(desk, *line)
        assert code in (0, BadData.exit_code)
        assert name in text, line
    assert good in said(desk, "list", "-q")[1]
    desk.hd("note", good, "-m", "still works")
    desk.new("Another")


@pytest.mark.parametrize("what", bodies())
def test_a_file_that_is_no_ticket_is_named(a_desk: DeskFolder, what: str) -> None:
    good = a_desk.new("Good")
    commit(a_desk, VICTIM, bodies()[what])
    require_reported(a_desk, good, VICTIM)
    ran = a_desk.hd("show", "HD-7K3QF", code=BadData.exit_code)
    assert VICTIM in ran.err
    assert VICTIM in a_desk.hd("note", "HD-7K3QF", "-m", "x", code=BadData.exit_code).err


def test_a_file_of_50_mb_is_named_without_being_read(a_desk: DeskFolder) -> None:
    good = a_desk.new("Good")
    commit(a_desk, VICTIM, b"title: " + b"x" * 50_000_000)
    require_reported(a_desk, good, VICTIM)
    assert "MB" in a_desk.hd("show", "HD-7K3QF", code=BadData.exit_code).err


@pytest.mark.parametrize(
    ("path", "mode", "data"),
    [
        (VICTIM, "120000", b"/etc/passwd"),
        (f"{VICTIM}/inside", "100644", b"x"),
        ("tickets/zz/HD-7K3QF.yaml", "100644", b"x"),
        ("tickets/HD-7K3QF.yaml", "100644", b"x"),
        ("tickets/7k/hd-7k3qf.YAML", "100644", b"x"),
        ("tickets/7k/notes.txt", "100644", b"x"),
    ],
)
def test_what_lies_where_no_ticket_can_is_named(
    a_desk: DeskFolder, path: str, mode: str, data: bytes
) -> None:
    good = a_desk.new("Good")
    commit(a_desk, path, data, mode)
    require_reported(a_desk, good, path)


def test_a_submodule_named_like_a_ticket_is_named(a_desk: DeskFolder) -> None:
    good = a_desk.new("Good")
    a_desk.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{VICTIM}")
    a_desk.git("commit", "-q", "-m", "x")
    (a_desk.path / VICTIM).mkdir(parents=True)
    require_reported(a_desk, good, VICTIM)


@pytest.mark.parametrize("folder", ["zz", "7k"])
def test_a_copy_of_a_ticket_elsewhere_does_not_hide_it(a_desk: DeskFolder, folder: str) -> None:
    good = a_desk.new("Good")
    data = a_desk.file(good).read_bytes()
    commit(a_desk, f"tickets/{folder}/{good}.yaml", data)
    require_reported(a_desk, good, f"tickets/{folder}/{good}.yaml")


def test_a_ticket_with_another_s_id_is_named(a_desk: DeskFolder) -> None:
    good = a_desk.new("Good")
    commit(a_desk, VICTIM, a_desk.file(good).read_bytes())
    require_reported(a_desk, good, VICTIM)


@pytest.mark.parametrize("name", [b"a\nb", ESCAPES.encode(), b"\xff\xfe", b'"', b"\xe2\x80\xae"])
def test_file_names_are_printed_safely(a_desk: DeskFolder, name: bytes) -> None:
    good = a_desk.new("Good")
    commit(a_desk, b"tickets/7k/" + name + b".yaml", b"x")
    require_reported(a_desk, good, "tickets/7k/")


def test_hostile_titles_do_not_reach_the_terminal(a_desk: DeskFolder) -> None:
    ticket = a_desk.new(f"Title {ESCAPES}")
    for line in (["list"], ["show", ticket], ["log", ticket], ["note", ticket, "-m", "x"]):
        ran = a_desk.process(*line)
        assert ran.returncode == 0
        assert b"\x1b" not in ran.stdout + ran.stderr
        assert b"\x07" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("text", ["[", "format: 2\n", "levels: 5\n", "a: &a\nb: *a\n"])
def test_settings_that_can_not_be_read_are_named_with_the_line(
    a_desk: DeskFolder, text: str
) -> None:
    a_desk.new()
    whole = (a_desk.path / "desk.yaml").read_text()
    (a_desk.path / "desk.yaml").write_text(text)
    a_desk.git("commit", "-qam", "broken")
    for line in (["new", "x"], ["list"], ["status"]):
        ran = a_desk.hd(*line, code=BadData.exit_code)
        assert ran.err.startswith("hd: desk.yaml:")
        assert ran.err.count("\n") == 1
    said(a_desk, "config")
    assert said(a_desk, "fsck")[0] == BadData.exit_code
    (a_desk.path / "desk.yaml").write_text(whole)
    a_desk.git("commit", "-qam", "mended")
    a_desk.hd("list")


def test_a_damaged_object_is_told_of(a_desk: DeskFolder) -> None:
    ticket, other = a_desk.new(), a_desk.new()
    blob = a_desk.git("rev-parse", f"main:tickets/{a_desk.file(ticket).parent.name}/{ticket}.yaml")
    file = a_desk.path / ".git" / "objects" / blob[:2] / blob[2:]
    os.chmod(file, 0o600)
    file.write_bytes(b"damaged")
    for line in (["show", ticket], ["list"], ["list", "-q"], ["note", ticket, "-m", "x"]):
        assert said(a_desk, *line)[1]
    assert other in said(a_desk, "list", "-q")[1]


def test_fsck_names_every_one_of_them(a_desk: DeskFolder) -> None:
    good = a_desk.new("Good")
    paths = []
    for number, data in enumerate(bodies().values()):
        paths.append(f"tickets/7k/HD-7K{number:03}.yaml")
        commit(a_desk, paths[-1], data)
    for path, mode in (("tickets/x.yaml", "100644"), ("tickets/7k/HD-7KZZZ.yaml", "120000")):
        paths.append(path)
        commit(a_desk, path, b"x", mode)
    commit(a_desk, b"tickets/7k/" + ESCAPES.encode(), b"x")
    code, text = said(a_desk, "fsck")
    assert code not in (0, 2)
    assert [path for path in paths if path not in text] == []
    assert good not in text
