"""Paths and options, from `GONGBAO_*` variables. Touches no disk on import."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.record import Limits

_LIMITS = Limits()

#: The checkout: vocabulary, suites and dbt models are data of the project and live here.
PROJECT = Path(__file__).resolve().parent.parent

#: Options of duckdb.connect, typed as it is.
DatabaseOptions = dict[str, str | bool | int | float | list[str]]

#: MiB that DuckDB may hold where there is more: it keeps what it has read up to there, and needs no more.
_HELD_MIB = 512
_LEAST_MIB = 256
#: What DuckDB takes for a row while it builds a table with a key, all told.
_BYTES_OF_A_KEY = 512


@lru_cache
def _memory_mib() -> int:
    """What the machine has, or the container we are in."""
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    container = Path("/sys/fs/cgroup/memory.max")
    given = container.read_text(encoding="ascii").strip() if container.is_file() else "max"
    return (there if given == "max" else min(there, int(given))) >> 20


class Settings(BaseSettings):
    """Where a gongbao installation keeps its things.

    With the default home the seed CSVs of the samples are `seeds/pulled/` of the checkout, kept in git; for any other
    home everything lives under that home.
    """

    model_config = SettingsConfigDict(env_prefix="GONGBAO_", frozen=True)

    home: Path = PROJECT / "warehouse"
    sources: Path | None = None  # the registry; default: <home>/sources.csv if there, else seeds/sources.csv
    cache: Path | None = None  # what homes can share, as it depends on none of them; default: each home's build folder
    max_bytes: int = _LIMITS.max_bytes  # a larger file is quarantined
    max_chars_per_line: int = _LIMITS.max_chars_per_line
    max_unpacked_bytes: int = _LIMITS.max_unpacked_bytes
    max_members: int = 2000  # files in an archive
    max_pages: int = _LIMITS.max_pages
    max_cells: int = _LIMITS.max_cells
    http_timeout_seconds: float = 20.0
    http_retries: int = 2
    allow_private_addresses: bool = False  # loopback and private hosts as sources
    storage_version: str = "v1.2.0"  # DuckDB file format of the published warehouse: 1.2 to 2.0 read it
    keep_generations: int = 3
    threads: int = 2
    memory_mib: int = 0  # what DuckDB may hold; 0: by what there is and is built, see `database`
    http_pause_seconds: float = 1.0  # between two requests to one host; robots.txt may ask for more
    obey_robots: bool = True
    engine: Literal["", "duckdb", "spark"] = ""  # duckdb or spark; empty: the one that built this home, at first duckdb
    spark_master: str = "local[*]"  # any master URL, for the engine spark
    spark_tests: bool = True  # dbt's data tests on Spark too: each is a query over the whole
    notify: str = ""  # Apprise addresses, blank between them, told of new findings, quarantines and failures

    @property
    def is_default_home(self) -> bool:
        return _is_default(self.home.absolute())

    @property
    def limits(self) -> Limits:
        return Limits(*(getattr(self, name) for name in Limits._fields))

    @property
    def sources_file(self) -> Path:
        if self.sources is not None:
            return self.sources
        own = self.home / "sources.csv"
        return own if own.exists() else PROJECT / "seeds" / "sources.csv"

    @property
    def pulled(self) -> Path:
        """One folder a report: report.csv, figures.csv, claims.csv."""
        return PROJECT / "seeds" / "pulled" if self.is_default_home else self.home / "seeds" / "pulled"

    @property
    def archive(self) -> Path:
        """Raw bytes under their sha256, for ever."""
        return self.home / "archive"

    @property
    def texts(self) -> Path:
        """The canonical text of each report, `<report_id>.txt`, UTF-8, line ends as received."""
        return self.home / "texts"

    @property
    def register(self) -> Path:
        """SQLite file: what was pulled, from where, in which state."""
        return self.home / "register.sqlite"

    @property
    def quarantine(self) -> Path:
        return self.home / "quarantine"

    @property
    def accepted(self) -> Path:
        """Reports that lost rows at the gate, without those rows; the others are loaded from `pulled`."""
        return self.home / "accepted"

    @property
    def built_by(self) -> str:
        """The engine that builds this home: the one asked for, or the one that built it."""
        if self.engine:
            return self.engine
        return self.engine_mark.read_text(encoding="utf-8").strip() if self.engine_mark.is_file() else "duckdb"

    @property
    def engine_mark(self) -> Path:
        """Names the engine of this home once another than duckdb has published."""
        return self.home / "engine"

    @property
    def build_file(self) -> Path:
        """The warehouse that flows write: raw, staging, intermediate, marts. BI never opens it.

        Of the engine spark it holds what is small (a row a report) and the marts; the rest is Parquet beside it.
        """
        return (self.lake if self.built_by == "spark" else self.home / "build") / "gongbao.duckdb"

    def database(self, *, rows: int = 0, shared_by: int = 1) -> DatabaseOptions:
        """How DuckDB opens what it builds and what pages are made of: what it may hold in memory, where it is to build
        a table of so many `rows` with a key, or is shared by so many processes; and where it puts what is more.

        Sorts, joins and rows that wait go to disk beyond GONGBAO_MEMORY_MIB; a key has to fit. Where it is not set, it
        is a quarter of what the machine or container has, from 256 to 512 MiB, and more where the rows need it.
        """
        held = self.memory_mib or max(
            min(max(_memory_mib() // 4, _LEAST_MIB), _HELD_MIB),
            min(rows * _BYTES_OF_A_KEY >> 20, _memory_mib() * 4 // 5),
        )
        return {"memory_limit": f"{held // shared_by}MiB", "temp_directory": str(self.spill)}

    @property
    def spill(self) -> Path:
        """What DuckDB does not hold in memory while it builds."""
        return self.home / "spill"

    @property
    def lake(self) -> Path:
        """What the engine spark builds: what was read, as Parquet by run, and the tables of its last run."""
        return self.home / "lake"

    @property
    def readings(self) -> Path:
        """What the engine spark read, one row a report: Parquet, a folder a run."""
        return self.lake / "readings"

    def readings_of(self, run_id: str) -> Path:
        return self.readings / f"run_id={run_id}"

    @property
    def generations(self) -> Path:
        return self.home / "generations"

    @property
    def current(self) -> Path:
        """The link BI reads through: `<home>/current/warehouse.duckdb`."""
        return self.home / "current"

    @property
    def site(self) -> Path:
        return self.home / "site"

    @property
    def data_docs(self) -> Path:
        return self.home / "data_docs"


@lru_cache(maxsize=64)
def _is_default(home: Path) -> bool:
    """Kept by home, not with the settings, which a copy for another home would take along: it is asked for every
    report, and looks at the disk."""
    return home.resolve() == (PROJECT / "warehouse").resolve()


@lru_cache
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()
