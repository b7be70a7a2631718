"""Folder sources: everything pulled once, nothing read twice, nothing outside the folder."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from flows.pull import (
    PullError,
    archived_path,
    discover,
    load,
    new_items,
    registered,
    set_state,
    store,
)
from flows.record import Source
from flows.settings import Settings

LONG_AGO = 1_600_000_000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", max_bytes=1000)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def folder(location: Path | str, source_id: str = "a") -> Source:
    return Source(source_id, "folder", str(location), "", "", "zh", "", True)


def put(inbox: Path, name: str, content: str, time: int = LONG_AGO) -> Path:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    os.utime(path, (time, time))
    return path


def finish(settings: Settings) -> None:
    for known in registered(settings.register):
        set_state(settings.register, known.item.report_id, "accepted")


def test_all_files_once(inbox: Path, settings: Settings) -> None:
    for name, content in (
        ("b.txt", "二"),
        ("a.txt", "一"),
        ("c.md", "三"),
        (".hidden", "四"),
        ("sub/d.txt", "五"),
    ):
        put(inbox, name, content)
    items, problems = new_items([folder(inbox)], settings)
    assert [item.name for item in items] == ["a.txt", "b.txt", "c.md"]
    assert problems == []
    digest = sha256("一".encode()).hexdigest()
    assert (items[0].sha256, items[0].report_id) == (digest, f"a-{digest[:12]}")
    assert load(settings.archive, digest) == "一".encode()
    finish(settings)
    assert new_items([folder(inbox)], settings) == ([], [])


def test_globs_and_single_files(inbox: Path, settings: Settings) -> None:
    for name in ("a.txt", "b.md", "sub/c.txt"):
        put(inbox, name, name)
    assert [item.name for item in discover(folder(inbox / "*.txt", "a"), settings)[0]] == ["a.txt"]
    assert [item.name for item in discover(folder(inbox / "**" / "*.txt", "b"), settings)[0]] == ["c.txt"]
    assert [item.name for item in discover(folder(inbox / "b.md", "c"), settings)[0]] == ["b.md"]


def test_unfinished_work_comes_again(inbox: Path, settings: Settings) -> None:
    put(inbox, "a.txt", "一")
    first, _ = new_items([folder(inbox)], settings)
    put(inbox, "b.txt", "二")
    again, _ = new_items([folder(inbox)], settings)
    assert again[0] == first[0]
    assert [item.name for item in again] == ["a.txt", "b.txt"]


def test_a_quiet_rerun_opens_no_file(inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    put(inbox, "a.txt", "一")
    new_items([folder(inbox)], settings)
    finish(settings)

    def refuse(*_: object) -> bytes:
        raise AssertionError("the file was read again")

    monkeypatch.setattr("flows.pull.listing.read_whole", refuse)
    assert new_items([folder(inbox)], settings) == ([], [])
    put(inbox, "a.txt", "一", LONG_AGO + 1)
    items, [problem] = new_items([folder(inbox)], settings)
    assert items == []
    assert "read again" in problem.message


def test_changed_content_is_a_new_version_and_both_are_kept(inbox: Path, settings: Settings) -> None:
    put(inbox, "a.txt", "一")
    (first,), _ = new_items([folder(inbox)], settings)
    finish(settings)
    put(inbox, "a.txt", "二", LONG_AGO + 1)
    (second,), _ = new_items([folder(inbox)], settings)
    assert (first.uri, first.name) == (second.uri, second.name)
    assert first.report_id != second.report_id
    assert load(settings.archive, first.sha256) == "一".encode()
    finish(settings)
    put(inbox, "a.txt", "一", LONG_AGO + 2)
    assert new_items([folder(inbox)], settings) == ([], [])


def test_a_change_within_the_clocks_tick_is_seen(inbox: Path, settings: Settings) -> None:
    path = inbox / "a.txt"
    path.write_text("一", encoding="utf-8")
    stamp = path.stat().st_mtime_ns
    new_items([folder(inbox)], settings)
    finish(settings)
    path.write_text("二", encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))
    assert len(new_items([folder(inbox)], settings)[0]) == 1


def test_the_same_bytes_are_pulled_once_a_source(inbox: Path, settings: Settings) -> None:
    put(inbox, "a.txt", "一")
    put(inbox, "copy.txt", "一")
    items, problems = new_items([folder(inbox)], settings)
    assert ([item.name for item in items], problems) == (["a.txt"], [])


def test_a_missing_folder_stops_no_other_source(inbox: Path, settings: Settings) -> None:
    put(inbox, "a.txt", "一")
    items, (problem,) = new_items([folder(inbox.parent / "gone" / "*.txt", "lost"), folder(inbox, "b")], settings)
    assert [item.source_id for item in items] == ["b"]
    assert (problem.source_id, problem.code) == ("lost", "missing_folder")
    assert "gone does not exist; make it" in problem.message


def test_disabled_sources_rest(inbox: Path, settings: Settings) -> None:
    put(inbox, "a.txt", "一")
    resting = Source("a", "folder", str(inbox), "", "", "", "", False)
    assert new_items([resting], settings) == ([], [])
    assert not settings.home.exists()


def test_a_huge_file_is_refused_unread_and_told_once(inbox: Path, settings: Settings) -> None:
    with (inbox / "huge.txt").open("wb") as file:
        file.truncate(50 * 1024**3)  # sparse: reading it whole would not end
    os.utime(inbox / "huge.txt", (LONG_AGO, LONG_AGO))
    put(inbox, "z.txt", "一")
    items, (problem,) = new_items([folder(inbox)], settings)
    assert [item.name for item in items] == ["z.txt"]
    assert problem.code == "too_large"
    assert "larger than 1000 bytes; split it, or raise GONGBAO_MAX_BYTES" in problem.message
    finish(settings)
    assert new_items([folder(inbox)], settings) == ([], [])


def test_links_that_lead_out_are_refused(inbox: Path, settings: Settings, tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.txt", "秘")
    put(inbox, "real.txt", "一")
    (inbox / "out.txt").symlink_to(secret)
    (inbox / "inner.txt").symlink_to(inbox / "real.txt")
    (inbox / "nowhere.txt").symlink_to(inbox / "gone.txt")
    (inbox / "circle.txt").symlink_to(inbox / "circle.txt")
    items, problems = new_items([folder(inbox)], settings)
    assert [item.name for item in items] == ["inner.txt"]  # real.txt has the same bytes
    assert {Path(problem.uri).name: problem.code for problem in problems} == {
        "out.txt": "outside",
        "nowhere.txt": "broken_link",
        "circle.txt": "broken_link",
    }
    assert not archived_path(settings.archive, sha256("秘".encode()).hexdigest()).exists()


def test_a_pipe_is_not_waited_for(inbox: Path, settings: Settings) -> None:
    os.mkfifo(inbox / "pipe.txt")
    _, (problem,) = new_items([folder(inbox)], settings)
    assert problem.code == "not_a_file"


def test_odd_names(inbox: Path, settings: Settings) -> None:
    put(inbox, "通報 (第1期)\n.txt", "一")
    (inbox / os.fsdecode(b"\xff\xfe.txt")).write_text("二", encoding="utf-8")
    put(inbox, "[x].txt", "三")
    items, problems = new_items([folder(inbox)], settings)
    assert problems == []
    stems = sorted(item.report_id[:-13] for item in items)
    assert stems == sorted(["x", "通報_第1期", "xff_xfe"])
    assert [known.item for known in registered(settings.register)] == items


def test_a_folder_with_wildcards_in_its_name(tmp_path: Path, settings: Settings) -> None:
    from flows.pull import read_sources

    home = tmp_path / "a[1]*"
    put(home, "in/x.txt", "一")
    (home / "sources.csv").write_text("id,kind,location\na,folder,in/*.txt\nb,folder,none/*.txt\n")
    items, (problem,) = new_items(read_sources(home / "sources.csv"), settings)
    assert [item.name for item in items] == ["x.txt"]
    assert problem.code == "missing_folder"


def test_states(inbox: Path, settings: Settings) -> None:
    put(inbox, "a.txt", "一")
    (item,), _ = new_items([folder(inbox)], settings)
    set_state(settings.register, item.report_id, "quarantined", "not_text: no text")
    (known,) = registered(settings.register)
    assert (known.item, known.state, known.reason) == (item, "quarantined", "not_text: no text")
    assert new_items([folder(inbox)], settings) == ([], [])
    with pytest.raises(ValueError, match="state 'lost' is unknown"):
        set_state(settings.register, item.report_id, "lost")
    with pytest.raises(KeyError):
        set_state(settings.register, "nobody", "accepted")


def test_the_archive_keeps_and_checks(tmp_path: Path) -> None:
    digest = store(tmp_path, b"x")
    path = archived_path(tmp_path, digest)
    assert path.relative_to(tmp_path).as_posix() == f"{digest[:2]}/{digest}"
    assert path.stat().st_mode & 0o222 == 0
    assert store(tmp_path, b"x") == digest
    assert [each.name for each in path.parent.iterdir()] == [digest]
    path.chmod(0o644)
    path.write_bytes(b"y")
    with pytest.raises(PullError, match="the bytes changed on disk"):
        load(tmp_path, digest)
    with pytest.raises(PullError, match="No such file"):
        load(tmp_path, "0" * 64)
