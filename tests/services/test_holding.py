"""hd export --requester: a person gets all that is held on them, and can read it."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

from support import DeskFolder

ANA = "Ana Silva <ana@example.org>"


def test_a_person_gets_all_that_is_held_on_them(a_desk: DeskFolder, tmp_path: Path) -> None:
    (tmp_path / "photo.txt").write_text("a photo")
    ana = a_desk.new("Ana's laptop", "--requester", ANA, "--body", "It is off")
    a_desk.hd("attach", ana, str(tmp_path / "photo.txt"))
    a_desk.hd("note", ana, "-m", "Tired, I think")
    a_desk.hd("resolve", ana, "-m", "The plug")
    slug = a_desk.hd("kb", "new", "--from", ana, "-q").id
    ben = a_desk.new("Printer", "--requester", "ben@example.org", "--body", "Secret of Ben")
    a_desk.hd("note", ben, "-m", "ANA@example.org knows more")
    other = a_desk.new("Mouse", "--requester", "ben@example.org", "--body", "As Ana Silva has")

    place = tmp_path / "ana"
    ran = a_desk.hd("export", "--requester", "ana@example.org", "-o", str(place))
    page = (place / "tickets" / f"{ana}.txt").read_text()
    assert "requester: Ana Silva <ana@example.org>" in page
    assert all(text in page for text in ("| It is off", "| Tired, I think", "| The plug"))
    assert next(place.glob(f"attachments/*/{ana}/*")).read_text() == "a photo"
    assert "# Ana's laptop" in (place / "articles" / f"{slug}.md").read_text()
    elsewhere = (place / "elsewhere.txt").read_text()
    assert "| ANA@example.org knows more" in elsewhere
    assert "Secret of Ben" not in elsewhere
    assert "history" in (place / "README.txt").read_text()
    data = json.loads((place / "data.json").read_text())
    assert [each["id"] for each in data["tickets"]] == [ana]
    assert [each["ticket"] for each in data["elsewhere"]] == [ben]
    assert place.stat().st_mode & 0o077 == 0
    assert f"{other}.yaml: the name" in ran.err

    zipped = tmp_path / "ana.zip"
    a_desk.hd("export", "--requester", "Ana Silva", "-o", str(zipped))
    names = {str(each.relative_to(place)) for each in place.rglob("*") if each.is_file()}
    assert set(ZipFile(zipped).namelist()) == names
    assert (
        "is there already"
        in a_desk.hd(*("export", "--requester", "Ana Silva", "-o", str(zipped)), code=5).err
    )


def test_of_nobody_there_is_nothing(a_desk: DeskFolder, tmp_path: Path) -> None:
    place = tmp_path / "nobody"
    ran = a_desk.hd("export", "--requester", "nobody@example.org", "-o", str(place), code=3)
    assert "holds nothing on nobody@example.org" in ran.err
    assert not place.exists()
    a_desk.hd("export", "--requester", "nobody@example.org", code=2)
