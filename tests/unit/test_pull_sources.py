"""The registry of sources and the names reports get."""

import csv
from pathlib import Path

import pytest

from flows.pull import SourcesError, read_sources, report_id, safe_stem

SPEC = Path(__file__).parent.parent / "spec"
HEADER = "id,kind,location,publisher,place,language,schedule,enabled\n"


def cases(name: str) -> list[dict[str, str]]:
    with (SPEC / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def registry(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("case", cases("pull_sources.tsv"), ids=lambda case: case["case"])
def test_rows(tmp_path: Path, case: dict[str, str]) -> None:
    path = registry(tmp_path, HEADER + case["row"] + "\n")
    if not case["mistake"]:
        assert read_sources(path)[0].source_id == "a"
        return
    with pytest.raises(SourcesError) as caught:
        read_sources(path)
    assert f"{path}, line 2: " in str(caught.value)
    assert case["mistake"] in str(caught.value)
    assert "secret" not in str(caught.value)


def test_what_a_row_says(tmp_path: Path) -> None:
    path = registry(tmp_path, HEADER + "a,folder,in/*.txt,市統計局,廣州市,zh-Hant,0 9 * * *,yes\nb,folder,/x,,,,,no\n")
    first, second = read_sources(path)
    assert (first.location, first.publisher, first.place) == (f"{tmp_path}/in/*.txt", "市統計局", "廣州市")
    assert (first.language, first.schedule, first.is_enabled) == ("zh-Hant", "0 9 * * *", True)
    assert (second.location, second.is_enabled) == ("/x", False)


def test_columns_by_name_in_any_order_and_the_long_names_too(tmp_path: Path) -> None:
    path = registry(tmp_path, "\ufefflocation,source_id,is_enabled,kind\nhttps://example.org/,a,FALSE,http\n")
    (source,) = read_sources(path)
    assert (source.source_id, source.kind, source.is_enabled) == ("a", "http", False)


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    path = registry(tmp_path, HEADER + "a,folder,x,,,,,\na,folder,y,,,,,\nb,rss,z,,,,,\n")
    with pytest.raises(SourcesError) as caught:
        read_sources(path)
    told = str(caught.value).splitlines()
    assert len(told) == 2
    assert "line 3: source_id 'a' is already taken" in told[0]
    assert "line 4: kind 'rss'" in told[1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"kind,location\n", "no column 'source_id'"),
        (b"id,kind,location,colour\n", "unknown column 'colour'"),
        (b"", "no column 'source_id'"),
        ("id,kind,location\n中,folder,x\n".encode("gb18030"), "not UTF-8 at byte 17; save it as UTF-8"),
        (b'id,kind,location\na,folder,"x\n', "no readable CSV"),
    ],
)
def test_files_that_are_no_registry(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "sources.csv"
    path.write_bytes(content)
    with pytest.raises(SourcesError, match=message):
        read_sources(path)


def test_a_registry_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="there is no such file; write one, or set GONGBAO_SOURCES"):
        read_sources(tmp_path / "none.csv")


@pytest.mark.parametrize("case", cases("pull_stems.tsv"), ids=lambda case: case["why"] + " " + case["stem"])
def test_stems(case: dict[str, str]) -> None:
    name = case["name"]
    for escape, char in (("\\t", "\t"), ("\\n", "\n"), ("\\u202e", "\u202e"), ("\\u0000", "\0")):
        name = name.replace(escape, char)
    assert safe_stem(name) == case["stem"]


def test_long_stems_are_cut_between_characters() -> None:
    stem = safe_stem("報" * 500 + ".txt")
    assert stem == "報" * 40
    assert report_id("x/../../y.txt", "0123456789abcdef") == "x_._._y-0123456789ab"
