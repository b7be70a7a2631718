"""The columns of every seed CSV, once, in order: what `write` writes, the gate expects and `load` reads.

Types are DuckDB's. Exact numbers travel as decimal text (`DECIMAL(38, 12)` once loaded); dates are ISO; booleans are
`true` and `false`; lists are JSON arrays; an empty field is NULL.
"""

REPORT: dict[str, str] = {
    "report_id": "VARCHAR",
    "sha256": "VARCHAR",
    "source_id": "VARCHAR",
    "uri": "VARCHAR",
    "title": "VARCHAR",
    "publisher": "VARCHAR",
    "place": "VARCHAR",
    "language": "VARCHAR",
    "script": "VARCHAR",
    "published_on": "DATE",
    "published_on_rule": "VARCHAR",
    "encoding": "VARCHAR",
    "media_type": "VARCHAR",
    "byte_count": "BIGINT",
    "char_count": "BIGINT",
    "reader_version": "VARCHAR",
    "version": "BIGINT",
    "supersedes": "VARCHAR",
}

#: What `gongbao extract` prints, in this order.
EXTRACT: dict[str, str] = {
    "start": "BIGINT",
    "end": "BIGINT",
    "numeral_end": "BIGINT",
    "quote": "VARCHAR",
    "class": "VARCHAR",
    "value": "DECIMAL(38, 12)",
    "low": "DECIMAL(38, 12)",
    "high": "DECIMAL(38, 12)",
    "low_closed": "BOOLEAN",
    "high_closed": "BOOLEAN",
    "unit": "VARCHAR",
    "unit_text": "VARCHAR",
    "base_value": "DECIMAL(38, 12)",
    "base_unit": "VARCHAR",
    "direction": "VARCHAR",
    "hedge": "VARCHAR",
    "indicator_text": "VARCHAR",
    "indicator": "VARCHAR",
    "entity": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "as_of": "DATE",
    "rule": "VARCHAR",
    "ulp": "DECIMAL(38, 12)",
    "modifiers": "VARCHAR",
}

FIGURES: dict[str, str] = {"report_id": "VARCHAR", "figure_id": "VARCHAR", **EXTRACT}

CLAIMS: dict[str, str] = {
    "report_id": "VARCHAR",
    "claim_id": "VARCHAR",
    "kind": "VARCHAR",
    "origin": "VARCHAR",
    "result_figure": "VARCHAR",
    "operand_figures": "VARCHAR",  # JSON array of figure_id
    "weights": "VARCHAR",  # JSON array of exact numbers as text
    "cue": "VARCHAR",  # the cue words, joined by " … "
    "cue_spans": "VARCHAR",  # JSON array of [start, end]
    "parameters": "VARCHAR",  # JSON object of text
    "scope_doubt": "VARCHAR",
    "rule": "VARCHAR",
}

#: What `gongbao audit` prints, in this order.
AUDIT: dict[str, str] = {
    "report": "VARCHAR",
    "kind": "VARCHAR",
    "verdict": "VARCHAR",
    "result_start": "BIGINT",
    "result_quote": "VARCHAR",
    "operand_starts": "VARCHAR",  # JSON array; a figure of another report is counted in that report
    "operand_quotes": "VARCHAR",  # JSON array
    "stated_low": "VARCHAR",  # exact: decimal text, or a fraction such as 1/3
    "stated_high": "VARCHAR",
    "computed_low": "VARCHAR",
    "computed_high": "VARCHAR",
    "gap_ulp": "VARCHAR",
    "cue": "VARCHAR",
    "message": "VARCHAR",
    "origin": "VARCHAR",
    "flags": "VARCHAR",
    "fits": "VARCHAR",
    "operand_reports": "VARCHAR",  # JSON array of report stems
    "rule": "VARCHAR",
    "message_zh": "VARCHAR",
}
