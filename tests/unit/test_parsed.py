"""What dbt parsed is kept under what it was parsed from, and nothing else is taken for it."""

from pathlib import Path

import pytest

from flows.load import invoke_dbt, state
from flows.load.parsed import keep_manifest, kept_manifest, parsed_from
from flows.settings import Settings

LISTED = ["ls", "--quiet", "--select", "dim_date", "--no-populate-cache"]


def settings_of(folder: Path) -> Settings:
    return Settings(home=folder, cache=folder / "cache")


@pytest.mark.flow
def test_a_second_home_takes_what_another_one_parsed(tmp_path: Path) -> None:
    for name in ("first", "second"):
        invoke_dbt(LISTED, Settings(home=tmp_path / name))  # homes of the tests share what is parsed
    assert not (tmp_path / "second" / "build" / "target" / "partial_parse.msgpack").exists()
    shared, source = Settings().cache, parsed_from(LISTED)
    assert shared is not None
    content = (shared / f"parsed-{source}.msgpack").read_bytes()
    kept = tmp_path / "cache" / f"parsed-{source}.msgpack"
    kept.parent.mkdir()
    kept.write_bytes(content)
    manifest = kept_manifest(source, settings_of(tmp_path))
    assert manifest is not None
    assert "model.gongbao.dim_date" in manifest.flat_graph["nodes"]
    kept.write_bytes(content[:-1])
    assert kept_manifest(source, settings_of(tmp_path)) is None


@pytest.mark.parametrize("options", [["--target", "spark"], ["--target=spark"], ["--vars", "{a: 1}"], ["-t", "spark"]])
def test_what_is_parsed_otherwise_is_not_shared(options: list[str]) -> None:
    assert parsed_from(LISTED)
    assert parsed_from([*LISTED, *options]) == ""


def test_other_files_are_another_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "PROJECT", tmp_path)
    seen = [parsed_from(LISTED)]
    for name in ("dbt_project.yml", "models/a.yml", "models/a.sql", "macros/b.sql", "tests/data/c.sql"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
        seen.append(parsed_from(LISTED))
    assert len(set(seen)) == len(seen)


def test_the_last_states_of_a_project_are_kept_and_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "partial_parse.msgpack").write_bytes(b"parsed")
    for number in range(6):
        keep_manifest(f"{number}", settings_of(tmp_path), tmp_path)
    keep_manifest("", settings_of(tmp_path), tmp_path)
    keep_manifest("none", settings_of(tmp_path), tmp_path / "elsewhere")
    kept = sorted(path.name for path in (tmp_path / "cache").iterdir())
    assert len(kept) == 4
    assert "parsed-5.msgpack" in kept
    assert not any(name.startswith(".") for name in kept)
