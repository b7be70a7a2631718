"""Archives in a folder: each member a report, hostile ones refused with a reason."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.pull import discover
from flows.pull.zipped import is_archive
from flows.record import Source
from flows.settings import Settings


def packed(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def pulled(folder: Path, data: bytes, **limits: int) -> tuple[dict[str, str], dict[str, str]]:
    """Name to uri of what was pulled, uri to code of what was refused."""
    place = folder / "in"
    place.mkdir(exist_ok=True)
    (place / "reports.zip").write_bytes(data)
    source = Source("s", "folder", str(place / "*.zip"), "", "", "", "", is_enabled=True)
    items, problems = discover(source, Settings(home=folder / "home", **limits))  # type: ignore[arg-type]
    return {item.name: item.uri for item in items}, {problem.uri: problem.code for problem in problems}


def test_each_member_is_a_report(tmp_path: Path) -> None:
    data = packed({"三月/簡報.txt": "共5例".encode(), "b.md": b"# 6", "__MACOSX/._b.md": b"x"})
    items, problems = pulled(tmp_path, data)
    assert sorted(items) == ["b.md", "簡報.txt"]
    assert items["簡報.txt"].endswith("reports.zip!/三月/簡報.txt")
    assert problems == {}
    assert pulled(tmp_path, data) == ({}, {})


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("../../etc/x.txt", b"5", "outside"),
        ("/etc/x.txt", b"5", "outside"),
        ("C:\\x.txt", b"5", "outside"),
        ("..\\x.txt", b"5", "outside"),
        ("x.zip", b"5", "nested"),
        ("x.txt", packed({"y.txt": b"5"}), "nested"),
        ("x.txt", b" " * 20_000_000, "too_large"),
    ],
)
def test_hostile_members_are_refused_and_others_go_on(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    items, problems = pulled(tmp_path, packed({name: data, "good.txt": b"5"}))
    assert list(items) == ["good.txt"]
    assert list(problems.values()) == [code]


def test_archives_past_the_limits(tmp_path: Path) -> None:
    data = packed({f"{number}.txt": b"%d" % number for number in range(6)})
    assert list(pulled(tmp_path, data, max_members=5)[1].values()) == ["too_many_members"]
    (tmp_path / "b").mkdir()
    assert list(pulled(tmp_path / "b", data, max_unpacked_bytes=5)[1].values()) == ["too_large"]


def test_names_in_gbk_and_encrypted_members(tmp_path: Path) -> None:
    data = packed({"jianbao1.txt": b"5"}).replace(b"jianbao1", "简报三月".encode("gbk"))
    assert list(pulled(tmp_path, data)[0]) == ["简报三月.txt"]
    (tmp_path / "b").mkdir()
    locked = bytearray(packed({"a.txt": b"5"}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert list(pulled(tmp_path / "b", bytes(locked))[1].values()) == ["encrypted"]


def test_a_member_that_begins_before_its_archive_is_refused(tmp_path: Path) -> None:
    """A turned bit in the place of the directory: zipfile seeks to before the file begins."""
    data = bytearray(packed({"a.txt": b"5"}))
    at = data.rindex(b"PK\x05\x06") + 16
    data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") + 35_584).to_bytes(4, "little")
    items, problems = pulled(tmp_path, bytes(data))
    assert items == {}
    assert list(problems.values()) == ["broken"]


def test_office_files_are_no_archives() -> None:
    assert not is_archive(packed({"[Content_Types].xml": b"", "word/document.xml": b""}))
    assert is_archive(packed({"a.txt": b""}))
