"""Claims and their verdicts as the rows `gongbao audit` prints."""

import json
from collections.abc import Iterable, Mapping, Sequence

from flows.record import Claim, Figure, Verdict
from flows.write.numbers import exact_text
from flows.write.rows import Row, claim_home, cue_words, report_of


def audit_rows(
    claims: Sequence[Claim],
    verdicts: Sequence[Verdict],
    figures: Mapping[str, Figure],
    texts: Mapping[str, str],
) -> list[Row]:
    """One row a claim, in the order given, columns AUDIT, every number exact (`1/3`, not 0.333).

    `verdicts` is aligned with `claims`; `figures` maps every figure_id they name, `texts` every report_id to
    its text. `report` is the report_id, which is the file's stem where files are audited. An unbounded end
    is empty. Raises ValueError where the two lists differ in length, KeyError for a figure or a report that
    is not given.
    """
    return [_row(claim, verdict, figures, texts) for claim, verdict in zip(claims, verdicts, strict=True)]


def _row(claim: Claim, verdict: Verdict, figures: Mapping[str, Figure], texts: Mapping[str, str]) -> Row:
    home = claim_home(claim)
    result = figures[claim.result] if claim.result else None
    operands = [figures[operand] for operand in claim.operands]
    return {
        "report": home,
        "kind": claim.kind,
        "verdict": verdict.verdict,
        "result_start": str(result.start) if result else "",
        "result_quote": result.quote if result else "",
        "operand_starts": _json(operand.start for operand in operands),
        "operand_quotes": _json(operand.quote for operand in operands),
        "stated_low": exact_text(verdict.stated_low),
        "stated_high": exact_text(verdict.stated_high),
        "computed_low": exact_text(verdict.computed_low),
        "computed_high": exact_text(verdict.computed_high),
        "gap_ulp": exact_text(verdict.gap_ulp),
        "cue": cue_words(claim, texts[home]),
        "message": verdict.message or verdict.reason,
        "origin": claim.origin,
        "flags": ";".join(verdict.flags),
        "fits": verdict.fits,
        "operand_reports": _json(report_of(operand) for operand in claim.operands),
        "rule": claim.rule,
        "message_zh": verdict.message_zh or verdict.reason_zh,
    }


def _json(values: Iterable[object]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
