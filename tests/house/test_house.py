"""The house rules that a machine can check."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MODELS = sorted((PROJECT / "models").rglob("*.sql"))


def tracked(*patterns: str) -> list[Path]:
    """The files git tracks or would track, of the given patterns."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return [PROJECT / name for name in listed if (PROJECT / name).exists()]


def test_models_exist() -> None:
    assert MODELS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.stem)
def test_every_model_has_a_twin_that_states_its_grain(model: Path) -> None:
    twin = model.with_suffix(".yml")
    assert twin.exists(), f"{model.name} has no {twin.name}"
    assert re.search(r"description: *(>-?\s*|[\"']?)One row per", twin.read_text(encoding="utf-8")), (
        f"the description in {twin.name} must begin with its grain: One row per ..."
    )


@pytest.mark.parametrize("module", tracked("flows/*.py", "flows/**/*.py", "expectations/*.py"), ids=str)
def test_modules_are_short_and_say_what_they_are(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    assert source.count("\n") <= 500, f"{module} has over 500 lines: split it"
    assert module.stem not in {"utils", "helpers", "misc", "common"}
    assert source.lstrip().startswith('"""'), f"{module} has no docstring"


#: Rooms whose lists of words are data, in `seeds/vocabulary`.
WORDED = tracked("flows/relate/*.py", "flows/place/*.py", "flows/find/*.py", "flows/judge/*.py")


@pytest.mark.parametrize("module", WORDED, ids=lambda module: f"{module.parent.name}/{module.stem}")
def test_lists_of_words_are_data(module: Path) -> None:
    """A pattern may say what stands between words; four words or more that may stand in one place are a list."""
    of_words = re.compile(r"[\u4e00-\u9fff]{2,}(?:\|[\u4e00-\u9fff]{2,}){3,}")
    told = [node for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)]
    assert [found for node in told if isinstance(node.value, str) for found in of_words.findall(node.value)] == []


def test_imports_run_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_the_command_starts_without_the_heavy_tools() -> None:
    heavy = ("prefect", "great_expectations", "dbt", "pandas", "pdfplumber", "docx", "openpyxl", "lxml", "polars")
    sample = next((PROJECT / "seeds" / "reports").glob("*/*.md"))
    code = (
        f"import sys, flows.cli; from flows.analysis import extract_rows; extract_rows({str(sample)!r});"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_help_imports_click_and_our_own_lightest_rooms_only() -> None:
    code = (
        "import sys; from click.testing import CliRunner; before = set(sys.modules)\n"
        "import flows.cli; assert CliRunner().invoke(flows.cli.main, ['run', '--help']).exit_code == 0\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)\n"
        "rooms = {'.'.join(name.split('.')[:2]) for name in sys.modules if name.startswith('flows.')}\n"
        "print(sorted(new), sorted(rooms))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "['click', 'flows'] ['flows.cli', 'flows.record']"
