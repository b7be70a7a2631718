"""Feeds, paging, robots.txt, Retry-After and pauses, against a real server on this machine."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.pull import PullError, discover, fetch
from flows.pull.manners import asked_to_wait, take_turn
from flows.record import Source
from flows.settings import Settings

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>公報</title>
<item><title>一</title><link>/news/1.html</link></item><item><link>http://elsewhere.example/2.html</link></item>
<item><title>再</title><link>/news/1.html#top</link></item><item><title>無</title></item></channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>公報</title>
<entry><title>二</title><link href="/news/2.html"/></entry></feed>"""
LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>
<rss version="2.0"><channel><item><link>&lol2;</link></item></channel></rss>"""


class Server(BaseHTTPRequestHandler):
    """Answers what `pages` says; counts what it was asked."""

    asked: list[str]
    pages: dict[str, tuple[int, str, dict[str, str]]]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, body, headers = self.pages.get(self.path, (404, "", {}))
        if status == 429 and self.asked.count(self.path) > 1:
            status = 200
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture
def base() -> Iterator[str]:
    Server.asked = []
    Server.pages = {f"/news/{number}.html": (200, f"<p>新增{number}例。</p>", {}) for number in range(1, 7)}
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, http_retries=1, allow_private_addresses=True, http_pause_seconds=0)


def source(kind: str, location: str) -> Source:
    return Source("web", kind, location, "", "", "", "", True)


@pytest.mark.parametrize(("body", "pulled"), [(RSS, ["/news/1.html"]), (ATOM, ["/news/2.html"])])
def test_a_feed_gives_its_entries(base: str, settings: Settings, body: str, pulled: list[str]) -> None:
    Server.pages["/feed"] = (200, body, {"Content-Type": "application/xml"})
    items, problems = discover(source("feed", f"{base}/feed"), settings)
    assert [item.uri for item in items] == [base + path for path in pulled]
    assert problems == []


@pytest.mark.parametrize(("body", "words"), [(LAUGHS, "entities"), ("<p>新增3例。</p>", "no RSS or Atom feed")])
def test_what_is_no_feed_is_a_problem(base: str, settings: Settings, body: str, words: str) -> None:
    Server.pages["/feed"] = (200, body, {})
    items, (problem,) = discover(source("feed", f"{base}/feed"), settings)
    assert items == []
    assert words in problem.message


def test_an_index_is_followed_to_its_next_pages_once(base: str, settings: Settings) -> None:
    Server.pages["/1"] = (200, '<a href="/news/1.html">一</a><a href="/2">下一頁 &gt;</a>', {})
    Server.pages["/2"] = (200, '<a href="/news/2.html">二</a><a rel="next" href="/3">…</a>', {})
    Server.pages["/3"] = (200, '<a href="/news/3.html">三</a><a href="/1">下一页</a>', {})
    items, problems = discover(source("index", f"{base}/1"), settings)
    assert [item.uri.rpartition("/")[2] for item in items] == ["1.html", "2.html", "3.html"]
    assert problems == []
    Server.asked = []
    discover(source("index", f"{base}/1"), settings)
    assert "/2" not in Server.asked  # nothing new on the first page: the older ones are not asked for


def test_what_robots_closes_is_not_asked_for(base: str, settings: Settings) -> None:
    Server.pages["/robots.txt"] = (200, "User-agent: *\nDisallow: /news/2.html\n", {"Content-Type": "text/plain"})
    Server.pages["/1"] = (200, '<a href="/news/1.html">一</a><a href="/news/2.html">二</a>', {})
    items, (problem,) = discover(source("index", f"{base}/1"), settings)
    assert [item.uri for item in items] == [f"{base}/news/1.html"]
    assert problem.code == "robots"
    assert "/news/2.html" not in Server.asked
    assert Server.asked.count("/robots.txt") == 1


def test_a_robots_txt_that_cannot_be_found_closes_nothing(base: str, settings: Settings) -> None:
    items, problems = discover(source("http", f"{base}/news/1.html"), settings)
    assert (len(items), problems) == (1, [])


def test_a_server_in_trouble_is_not_asked_for_pages(base: str, settings: Settings) -> None:
    Server.pages["/robots.txt"] = (503, "", {})
    items, (problem,) = discover(source("http", f"{base}/news/1.html"), settings)
    assert items == []
    assert "/robots.txt answered 503" in problem.message
    assert "/news/1.html" not in Server.asked


def test_the_wait_a_server_asks_for_is_kept(base: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("flows.pull.web.time.sleep", slept.append)
    Server.pages["/busy"] = (429, "<p>新增3例。</p>", {"Retry-After": "7"})
    assert fetch(f"{base}/busy", settings) is not None
    assert slept == [7.0]


def test_no_server_makes_a_run_wait_for_hours(base: str, settings: Settings) -> None:
    Server.pages["/busy"] = (429, "", {"Retry-After": "86400"})
    with pytest.raises(PullError, match="the next run asks again"):
        fetch(f"{base}/busy", settings)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("", None), ("soon", None), ("Fri, 27 Mar 2020 08:00:00 GMT", 0.0), ("99999999999", None)],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert asked_to_wait(header) == seconds


def test_a_host_is_asked_after_its_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    for _ in range(3):
        take_turn("pause.example", 2.0)
    assert slept == [0.0, 2.0, 4.0]
