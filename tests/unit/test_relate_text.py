"""What the text says: one line of a table a case, in our own words."""

import csv
from pathlib import Path

import pytest

from flows.find import find_numerals
from flows.judge import judge_claims
from flows.place import place_figures
from flows.read import read_document
from flows.record import KINDS, Claim, Document, Figure
from flows.record.script import fold
from flows.relate import relate_catalogue, relate_text

SPEC = Path(__file__).parent.parent / "spec"


def rows(name: str) -> list[dict[str, str]]:
    with (SPEC / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def related(text: str) -> tuple[Document, list[Figure], list[Claim]]:
    document = read_document(text.encode(), name="case.txt")
    figures = place_figures(document, find_numerals(document), published_on=None, place="")
    claims = relate_text(document, figures, "r")
    return document, figures, claims + relate_catalogue(figures, "r", claims)


def quotes(figures: list[Figure], names: list[str]) -> list[str]:
    by_id = {f"r#{figure.start}": figure.quote for figure in figures}
    return [by_id[name] for name in names]


@pytest.mark.parametrize("row", rows("relate_found.tsv"), ids=lambda row: f"{row['kind']}:{row['text'][:12]}")
def test_relation_is_found_with_its_operands_in_order(row: dict[str, str]) -> None:
    _, figures, claims = related(row["text"])
    operands = [quote for quote in (row["operands"] or "").split("|") if quote]
    told = [
        (
            claim.kind,
            *quotes(figures, [claim.result] if claim.result else [""][:0]),
            *quotes(figures, claim.operands),
        )
        for claim in claims
    ]
    assert (row["kind"], *([row["result"]] if row["result"] else []), *operands) in told


@pytest.mark.parametrize("row", rows("relate_found.tsv"), ids=lambda row: f"{row['kind']}:{row['text'][:12]}")
def test_a_sound_text_gives_no_alarm(row: dict[str, str]) -> None:
    _, figures, claims = related(row["text"])
    verdicts = judge_claims(claims, {f"r#{figure.start}": figure for figure in figures})
    assert [verdict.message for verdict in verdicts if verdict.verdict == "broken"] == []


@pytest.mark.parametrize("row", rows("relate_found.tsv"), ids=lambda row: f"{row['kind']}:{row['text'][:12]}")
def test_the_script_makes_no_difference(row: dict[str, str]) -> None:
    _, _, claims = related(row["text"])
    _, _, simplified = related(fold(row["text"]))
    assert [(c.kind, c.result, c.operands, c.weights) for c in claims] == [
        (c.kind, c.result, c.operands, c.weights) for c in simplified
    ]


@pytest.mark.parametrize("row", rows("relate_traps.tsv"), ids=lambda row: row["why"])
def test_traps_fire_nothing(row: dict[str, str]) -> None:
    _, figures, claims = related(row["text"])
    kept = [claim for claim in claims if claim.kind != "range" and claim.origin == "text"]
    assert [(claim.kind, quotes(figures, claim.operands), claim.rule) for claim in kept] == []
    verdicts = judge_claims(claims, {f"r#{figure.start}": figure for figure in figures})
    assert [verdict.message for verdict in verdicts if verdict.verdict == "broken"] == []


def test_every_kind_has_a_case() -> None:
    told = {row["kind"] for row in rows("relate_found.tsv")}
    assert told >= set(KINDS) - {"restatement"}


def test_cues_are_words_of_the_text() -> None:
    document, _, claims = related("全校教师320人，其中女教师192人，占60%。")
    cues = {cue.quote(document.text) for claim in claims for cue in claim.cues}
    assert {"其中", "占"} <= cues


def test_weights_of_each_and_of_what_is_taken_away() -> None:
    _, _, claims = related("新增病例19例，來自日本5例，韓國及泰國各4例，越南、印尼各3例。")
    assert [claim.weights for claim in claims if claim.kind == "sum"] == [[1, 2, 2]]
    _, _, claims = related("上月末在库原粮320吨，本月入库45吨、出库60吨，月末在库305吨。")
    assert [claim.weights for claim in claims if claim.kind == "net_flow"] == [[1, 1, -1]]


def test_a_slip_in_a_list_is_still_a_sum() -> None:
    _, figures, claims = related("救灾物资共到位5600件：帐篷1200件，棉被3100件，折叠床1800件。")
    verdicts = judge_claims(claims, {f"r#{figure.start}": figure for figure in figures})
    assert [verdict.verdict for claim, verdict in zip(claims, verdicts, strict=True) if claim.kind == "sum"] == [
        "broken"
    ]
