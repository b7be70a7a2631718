"""Bytes to text, and text to its spans."""

import codecs
import csv
import random
import time
from pathlib import Path

import pytest

from flows.read import ReadError, read_document
from flows.record.script import fold

SPEC = Path(__file__).parent.parent / "spec"
HANS = "截至3月25日，全市共有75家企业复工，复工率为98.2%，比上周提高1.5个百分点。"
HANT = "截至3月25日，全市共有75家企業復工，復工率為98.2%，比上週提高1.5個百分點。"


def spec(name: str) -> list[dict[str, str]]:
    with (SPEC / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def code_of(data: bytes, **options: object) -> str:
    with pytest.raises(ReadError) as caught:
        read_document(data, **options)  # type: ignore[arg-type]
    return caught.value.code


@pytest.mark.parametrize("case", spec("read_split.tsv"), ids=lambda case: case["why"])
def test_sentences_and_clauses(case: dict[str, str]) -> None:
    document = read_document(case["text"].encode(), name="a.txt")
    assert [span.quote(document.text) for span in document.sentences] == case["sentences"].split("|")
    assert [span.quote(document.text) for span in document.clauses] == case["clauses"].split("|")


@pytest.mark.parametrize("case", spec("read_kinds.tsv"), ids=lambda case: case["why"])
def test_kind_of_file(case: dict[str, str]) -> None:
    data, options = case["start"].encode(), {"name": case["name"], "content_type": case["content_type"]}
    if case["kind"] == "unsupported":
        assert code_of(data, **options) == "unsupported"
    else:
        assert read_document(data, name=case["name"], content_type=case["content_type"]).media_type == case["kind"]


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        (HANS, "utf-8", "utf-8"),
        (HANS, "utf-8-sig", "utf-8-sig"),
        (HANT, "utf-16", "utf-16"),
        (HANS, "gbk", "gb18030"),
        (HANS, "gb18030", "gb18030"),
        (HANT, "gbk", "gb18030"),
        (HANT, "big5", "big5hkscs"),
        (HANT, "big5hkscs", "big5hkscs"),
        ("新增5例", "gbk", "gb18030"),
        ("新增確診5例", "big5", "big5hkscs"),
    ],
)
def test_encodings_are_told_apart(text: str, encoding: str, told: str) -> None:
    document = read_document(text.encode(encoding), name="a.txt")
    assert (document.text, document.encoding) == (text, told)


def test_utf_16_of_the_other_byte_order() -> None:
    assert read_document(codecs.BOM_UTF16_BE + HANS.encode("utf-16-be")).text == HANS


def test_the_declared_charset_decides_where_it_fits() -> None:
    short = "联通".encode("gbk")  # these four bytes are valid UTF-8 too
    assert read_document(short, content_type="text/plain; charset=gb2312").text == "联通"
    page = '<meta charset="gb2312"><p>' + HANS
    assert HANS in read_document(page.encode("gbk"), name="a.html").text
    assert read_document(page.encode(), name="a.html").encoding == "utf-8"  # the page says what it is not
    assert read_document(HANS.encode(), content_type="text/plain; charset=klingon").text == HANS


def test_the_text_is_never_edited() -> None:
    text = "一、情况\r\n\r\n共有5例。\r截至今日\u2028共６例，\u00a0共7例\t。\n"
    document = read_document(text.encode(), name="a.txt")
    assert document.text == text
    assert document.folded == fold(text)
    assert len(document.paragraphs) == 4


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t", "\u3000\u200b\ufeff".encode()])
def test_nothing_to_read(data: bytes) -> None:
    assert code_of(data, name="a.txt") == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"abc\x00def",
        HANS.encode("utf-16-le"),
        "café résumé garçon".encode("latin-1"),
        HANS.encode() + b"\xff",
        b"\x01\x02\x03\x04\x05\x06 control",
        bytes(range(1, 256)) * 4,
    ],
)
def test_not_text(data: bytes) -> None:
    assert code_of(data, name="a.txt") == "not_text"


@pytest.mark.parametrize("size", [16, 64, 1000, 100_000])
def test_random_bytes_are_refused(size: int) -> None:
    data = random.Random(size).randbytes(size)  # noqa: S311
    assert code_of(data, name="a.txt") in ("not_text", "unsupported")


def test_a_byte_order_mark_that_lies() -> None:
    assert code_of(codecs.BOM_UTF8 + b"\xff\xfe\xfd") == "broken"


def test_a_stray_control_character_is_survived() -> None:
    assert read_document((HANS + "\x0b\x08" + HANS).encode()).text.count("75家") == 2


def test_size_limits_answer_at_once() -> None:
    started = time.perf_counter()
    assert code_of(b"1" * 50_000_000, name="line.txt") == "too_large"
    assert code_of(b"1" * 1001, name="a.txt", max_bytes=1000) == "too_large"
    assert code_of(b"1" * 1001, name="a.txt", max_chars_per_line=1000) == "too_large"
    assert read_document(b"1\n" * 1001, name="a.txt", max_chars_per_line=1000).text.count("1") == 1001
    assert time.perf_counter() - started < 5


def test_messages_name_the_value_and_the_mend() -> None:
    with pytest.raises(ReadError, match=r"big\.txt has 12 bytes; at most 10 .*GONGBAO_MAX_BYTES"):
        read_document(b"123456789012", name="big.txt", max_bytes=10)
    with pytest.raises(ReadError, match=r"a\.exe.*\.txt, \.md, .* and \.xlsx"):
        read_document(b"x", name="a.exe")


FRONT = "---\ntitle: '三月简报'\npublished_on: 2020-03-27\nnote:\n---\n# 三月简报（二）\n\n共有5家。\n"


def test_front_matter() -> None:
    document = read_document(FRONT.encode(), name="a.md")
    assert document.front_matter == {"title": "三月简报", "published_on": "2020-03-27", "note": ""}
    assert document.title == "三月简报"
    assert document.ignored[0].quote(document.text) == FRONT[: FRONT.index("#")]
    assert document.paragraphs[0].start == FRONT.index("#")


@pytest.mark.parametrize("text", ["---\n共有5家。\n---\n", "---\ntitle: x\n共5家\n", "a\n---\nb: c\n---\n"])
def test_what_is_no_front_matter(text: str) -> None:
    document = read_document(text.encode(), name="a.md")
    assert document.front_matter == {}
    assert document.ignored == []


def test_title_and_headings() -> None:
    document = read_document("通报如下，共2例。\n# 标题 #\n#话题# 内容\n## 小标题\n".encode(), name="a.md")
    assert document.title == "标题"
    assert [span.quote(document.text) for span in document.headings] == ["# 标题 #", "## 小标题"]
    plain = "全市复工简报\n来源\n一、工作情况\n共有5家。\n- 大网格21个\n来源\n名称\t数量\n来源\n△图片\n"
    document = read_document(plain.encode(), name="a.txt")
    assert document.title == "全市复工简报"
    assert [span.quote(document.text) for span in document.headings] == ["全市复工简报", "一、工作情况"]


def test_a_sheet_is_rows_of_cells() -> None:
    sheet = '指标,"产量（万吨）",增长\r\n粮食,"1,268",17.3%\r\n"大\n豆",7.0,\r\n'
    document = read_document(sheet.encode("gbk"), name="a.csv")
    assert document.text == "指标\t产量（万吨）\t增长\n粮食\t1,268\t17.3%\n大 豆\t7.0\n"
    assert (document.media_type, document.encoding) == ("text/csv", "gb18030")
    assert read_document("甲\t5\n乙\t6,7\n".encode(), name="a.tsv").text == "甲\t5\n乙\t6,7\n"
    assert code_of('甲,"5\n乙,6'.encode(), name="a.csv") == "broken"


def test_ten_megabytes_in_seconds() -> None:
    data = ((HANS + HANT) * 20 + "\n").encode() * 2500
    started = time.perf_counter()
    document = read_document(data, name="a.txt")
    assert time.perf_counter() - started < 20  # about 2 s on a free core
    assert len(document.sentences) == 100_000
    assert len(data) > 9_000_000


@pytest.mark.parametrize("text", ["（" * 300_000, "《" * 300_000, "123," * 300_000 + "4", "！a?" * 300_000])
def test_no_text_is_slow_to_split(text: str) -> None:
    started = time.perf_counter()
    read_document(text.encode(), name="a.txt")
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("utf-8", "latin-1"), ("utf-8", "gb18030"), ("gb18030", "latin-1"), ("big5hkscs", "gb18030")],
)
def test_text_garbled_before_it_was_saved_is_refused(right: str, wrong: str) -> None:
    said = (HANT if right == "big5hkscs" else HANS) * 5
    if right == "big5hkscs":
        said = said.replace("为", "為").replace("业", "業").replace("个", "個").replace("点", "點").replace("员", "員")
    garbled = said.encode(right, "ignore").decode(wrong, "replace")
    assert code_of(garbled.encode(), name="a.txt") == "not_text"


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5", "latin-1", "windows-1252", "utf-16"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_wrongly_declared_charset_does_not_garble(encoding: str, declared: str) -> None:
    data = HANS.encode(encoding)
    assert read_document(data, name="a.txt", content_type=f"text/plain; charset={declared}").text == HANS


def test_lost_characters_and_few_nuls() -> None:
    assert code_of(("\ufffd" * 5 + "共5例").encode() * 10, name="a.txt") == "not_text"
    assert read_document((HANS + "\ufffd例").encode(), name="a.txt").text.endswith("\ufffd例")
    assert read_document((HANS * 3 + "共1\x002例").encode(), name="a.txt").text.endswith("共12例")
    assert read_document("L'été à la clé, où naît l'œuvre".encode(), name="a.txt").encoding == "utf-8"


@pytest.mark.parametrize(
    "text",
    [
        "Новых случаев заболевания: 75 человек",
        "新規感染者は７５人、ワクチンの接種率は",
        "신규 확진자 75명이 발생",
        "Νέα κρούσματα 75",
    ],
)
def test_other_tongues_are_not_taken_for_garbled(text: str) -> None:
    assert read_document((text * 5).encode(), name="a.txt").encoding == "utf-8"
