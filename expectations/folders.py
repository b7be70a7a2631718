"""Report folders as the gate finds them: every cell text, nothing believed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.write import FILES, Row, csv_rows


@dataclass(slots=True)
class Folder:
    """What stands in a report folder, and what kept it from being read.

    `name` is the folder's and so the report's id. `rows` maps a file to its rows; a file that is missing,
    broken or has other columns than it should has none, and `unreadable` or `wrong_columns` say why. `text`
    is None where the report's text is not there.
    """

    path: Path
    text: str | None
    rows: dict[str, list[Row]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    wrong_columns: list[str] = field(default_factory=list)
    spans: list[tuple[int, int] | None] | None = None  # of the figures, once they have been asked for

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def report(self) -> Row:
        """The row of report.csv, every cell empty where there is none."""
        rows = self.rows["report.csv"]
        return rows[0] if rows else dict.fromkeys(FILES["report.csv"], "")


def by_name(folders: Sequence[Path]) -> dict[str, Path]:
    """The folders by their names. Raises ValueError where two have one name, or one has none."""
    named: dict[str, Path] = {}
    for path in folders:
        if not path.name or path.name == ".." or path.name in named:
            raise ValueError(f"{path.name!r}: every report folder has a name of its own")
        named[path.name] = path
    return named


def open_folder(path: Path, text_path: Path | None) -> Folder:
    """The folder and the file with its report's text, read."""
    folder = Folder(path, None)
    if text_path is not None:
        try:
            folder.text = text_path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            folder.unreadable.append(f"{text_path.name}: {_said(error)}")
    for name, columns in FILES.items():
        folder.rows[name] = []
        try:
            rows = [row for _, row in csv_rows(path / name)]
            header = list(rows[0]) if rows else _header(path / name)
        except (OSError, ValueError) as error:
            folder.unreadable.append(f"{name}: {_said(error)}")
            continue
        if header != list(columns):
            folder.wrong_columns.append(f"{name}: {_difference(header, list(columns))}")
            continue
        folder.rows[name] = rows
    return folder


def _header(path: Path) -> list[str]:
    """The columns of a CSV without rows."""
    return path.read_text(encoding="utf-8").rstrip("\n").split(",")


def _difference(found: list[str], expected: list[str]) -> str:
    missing = [column for column in expected if column not in found]
    unknown = [column for column in found if column not in expected]
    if missing or unknown:
        return f"missing {missing}, unknown {unknown}"
    return f"in another order: {found}"


def _said(error: OSError | ValueError) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
