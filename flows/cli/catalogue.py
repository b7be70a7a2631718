"""`gongbao catalogue review` and `accept`: what the catalogue of indicators does not know, and teaching it."""

import os
from pathlib import Path

import click

from flows.cli.terminal import FILE, FORMATS, Command, print_rows

_COLUMNS = dict.fromkeys(("count", "unit", "indicator_text", "suggestions", "report", "quote"), "VARCHAR")


@click.group()
def catalogue() -> None:
    """Teach the catalogue of indicators the words that reports use."""


@catalogue.command(
    cls=Command,
    examples="gongbao catalogue review\ngongbao catalogue review seeds/reports/*.txt --format csv --limit 50",
)
@click.argument("files", nargs=-1, type=FILE)
@click.option("--limit", default=30, show_default=True, help="Show so many, the most frequent first; 0 for all.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
def review(files: tuple[Path, ...], limit: int, form: str) -> None:
    """List the indicator texts that have no code, over FILES or over the published warehouse."""
    from flows.place import unknown_texts

    unknown = unknown_texts(_of_files(files) if files else _of_warehouse())
    rows = [
        {
            "count": str(item.count),
            "unit": item.unit,
            "indicator_text": item.text,
            "suggestions": "; ".join(f"{code} {score:.2f}" for code, score in item.suggestions),
            "report": item.report,
            "quote": item.quote,
        }
        for item in (unknown[:limit] if limit else unknown)
    ]
    print_rows(rows, _COLUMNS, form, shown=tuple(_COLUMNS))


@catalogue.command(
    cls=Command,
    examples="gongbao catalogue accept 粮食总产 agriculture.grain_output --unit 公斤\n"
    "gongbao catalogue accept 共享单车投放量 --new trade.shared_bicycles --unit 輛",
)
@click.argument("text")
@click.argument("code", required=False)
@click.option("--new", "new_code", help="Make an indicator with this code.")
@click.option("--unit", default="", help="The unit that its figures are told in; needed with --new.")
@click.option("--subject", default="", help="The subject of a new indicator; default: the first part of its code.")
@click.option("--name", "name_en", default="", help="English name of a new indicator.")
@click.option("--vocabulary", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def accept(
    text: str, code: str | None, *, new_code: str | None, unit: str, subject: str, name_en: str, folder: Path | None
) -> None:
    """Add TEXT as a name of the indicator CODE, or of a new one (--new).

    With GONGBAO_HOME it is kept in <home>/vocabulary/indicators.csv, beside the shipped catalogue; without, it goes
    into the checkout's own.

    The next report that is read uses it. Reports already in the warehouse keep the codes they were read with
    until they are read again.
    """
    from flows.place import TeachingError, catalogue_bytes, only_taught, refuse_unit, with_alias, with_indicator
    from flows.record.vocabulary import VOCABULARY, taught_file, vocabulary

    if (code is None) == (new_code is None):
        raise click.UsageError("give the CODE that TEXT is a name of, or --new CODE with --unit, and not both")
    if new_code is not None and not unit:
        raise click.UsageError("--new needs --unit, the unit that its figures are told in, such as 人, 元 or %")
    own = taught_file() if folder is None else None
    path = own or (folder or VOCABULARY) / "indicators.csv"
    before = catalogue_bytes(vocabulary("indicators")) if own else path.read_bytes()
    try:
        if new_code is not None:
            name = name_en or new_code.partition(".")[2].replace("_", " ").capitalize()
            subject = subject or new_code.partition(".")[0]
            after = with_indicator(before, text, new_code, unit=unit, subject=subject, name_en=name, file=path.name)
        else:
            refuse_unit(str(code), unit, file=path.name)
            after = with_alias(before, text, str(code), file=path.name)
    except TeachingError as error:
        raise click.ClickException(str(error)) from error
    if after == before:
        click.echo(f"{text} is a name of {code or new_code} already; nothing is changed")
        return
    if own:
        own.parent.mkdir(parents=True, exist_ok=True)
        after = only_taught(after, (VOCABULARY / "indicators.csv").read_bytes(), file=path.name)
    _replace(path, after)
    click.echo(
        f"{text} is now a name of {code or new_code}, in {path if own else path.name}; reports read from now on use it"
    )


def _of_files(files: tuple[Path, ...]) -> list[tuple[str, str, str, str]]:
    from flows.analysis import extract_rows

    return [
        (file.name, row["indicator_text"], row["unit"], row["quote"])
        for file in files
        for row in extract_rows(file)
        if row["class"] in ("quantity", "percent") and not row["indicator"]
    ]


def _of_warehouse() -> list[tuple[str, str, str, str]]:
    import duckdb

    from flows.settings import Settings

    path = Settings().home / "current" / "warehouse.duckdb"
    if not path.exists():
        raise click.ClickException(f"{path} is not there; run `gongbao run` first, or name the files to review")
    query = """
        select report_id, indicator_text, coalesce(unit, ''), quote from marts.fct_figures
        where indicator is null and indicator_text is not null order by report_id, start_offset
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def _replace(path: Path, data: bytes) -> None:
    """Writes beside the file and renames over it: a reader sees the old bytes or the new, never half of them."""
    import tempfile

    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
