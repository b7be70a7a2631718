"""Web sources against a real server that misbehaves."""

import gzip
import io
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.operations import look, quarantined, read_items
from flows.pull import Page, PullError, discover, fetch, links, new_items, registered, set_state
from flows.pull.web import _is_public
from flows.record import Source
from flows.settings import Settings

PAGE = "<html><body><p>新增3例。</p></body></html>".encode()
INDEX = """<html><head><base href="/news/"></head><body>
<a href="1.html">一</a> <a href="2.shtml#top">二</a> <a href="1.html">一</a> <a href="3.jpg">圖</a>
<a href="http://elsewhere.example/4.html">外</a> <a href="mailto:a@b">信</a> <a href="javascript:x()">x</a>
<a href="content_5">五</a> <a href="http://[broken">壞</a> <a href="../gone.html">無</a> <a>無</a>
</body></html>""".encode()

BOMB = gzip.compress(b"x" * 5_000_000)


class Server(BaseHTTPRequestHandler):
    """Answers by path; counts what it was asked."""

    asked: list[str]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.asked.append(self.path)
        name = self.path.partition("?")[0].strip("/").replace("/", "_").partition(".")[0]
        getattr(self, f"at_{name}", self.at_missing)()

    def log_message(self, *_: object) -> None:
        """Keeps the test's output quiet."""

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers = {"Content_Type": "text/html", "Content_Length": str(len(body))} | headers
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def at_page(self) -> None:
        self.say(200, PAGE)

    def at_reports(self) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "共5例")
            archive.writestr("../b.txt", "共6例")
        self.say(200, file.getvalue(), Content_Type="application/zip")

    def at_missing(self) -> None:
        self.say(404)

    def at_broken(self) -> None:
        self.say(500)

    def at_flaky(self) -> None:
        self.say(503 if self.asked.count("/flaky") < 2 else 200, PAGE)

    def at_silent(self) -> None:
        time.sleep(1.5)

    def at_dripping(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(20):
            self.wfile.write(b"x")
            time.sleep(0.1)

    def at_truncated(self) -> None:
        self.say(200, PAGE, Content_Length="1000")
        self.close_connection = True

    def at_large(self) -> None:
        self.say(200, b"x" * 5000)

    def at_endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(10_000):
            self.wfile.write(b"x" * 10_000)

    def at_bomb(self) -> None:
        self.say(200, BOMB, Content_Encoding="gzip")

    def at_picture(self) -> None:
        self.say(200, b"x", Content_Type="image/png")

    def at_untyped(self) -> None:
        self.say(200, PAGE, Content_Type="")

    def at_moved(self) -> None:
        self.say(302, Location="/page")

    def at_circle(self) -> None:
        self.say(302, Location="/circle2")

    def at_circle2(self) -> None:
        self.say(302, Location="/circle")

    def at_long(self) -> None:
        self.say(302, Location=f"/long?{len(self.asked)}")

    def at_nowhere(self) -> None:
        self.say(302, Location="http://[broken")

    def at_noname(self) -> None:
        self.say(302, Location="http://xn--/")

    def at_noscheme(self) -> None:
        self.say(302, Location="javascript:x")

    def at_workbook(self) -> None:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        self.say(200, PAGE, Content_Type=kind)

    def at_miscalled(self) -> None:
        """The header says one thing, the bytes are another."""
        self.say(200, PAGE, Content_Type="text/html; charset=gb2312")

    def at_baseless(self) -> None:
        self.say(200, b'<base href="http://[broken"><a href="/page.html">x</a>')

    def at_feed(self) -> None:
        links = "".join(f"<item><link>{each}</link></item>" for each in ("http://[broken", "/page.html", "//"))
        body = f'<rss version="2.0"><channel>{links}</channel></rss>'.encode()
        self.say(200, body, Content_Type="application/rss+xml")

    def at_tofile(self) -> None:
        self.say(302, Location="file:///etc/passwd")

    def at_tagged(self) -> None:
        if self.headers["If-None-Match"] == '"v1"':
            self.say(304)
        else:
            self.say(200, PAGE, ETag='"v1"', Last_Modified="Fri, 27 Mar 2020 08:00:00 GMT")

    def at_list(self) -> None:
        self.say(200, INDEX)

    def at_many(self) -> None:
        self.say(200, b"".join(b'<a href="%d.html">x</a>' % number for number in range(30)))

    def at_news_1(self) -> None:
        self.say(200, PAGE + b"1")

    def at_news_2(self) -> None:
        self.say(200, PAGE + b"2")

    def at_news_content_5(self) -> None:
        self.say(200, PAGE + b"5")


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Server.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def base(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("flows.pull.web._FIRST_PAUSE_SECONDS", 0.01)
    return Settings(
        home=tmp_path,
        max_bytes=4000,
        http_timeout_seconds=0.5,
        http_retries=1,
        allow_private_addresses=True,
        http_pause_seconds=0,
        obey_robots=False,
    )


def source(location: str, kind: str = "http") -> Source:
    return Source("web", kind, location, "", "", "", "", True)


def registry(settings: Settings, location: str) -> Path:
    file = settings.home / "sources.csv"
    file.write_text(f"id,kind,location\nweb,http,{location}\n", encoding="utf-8")
    return file


def finish(settings: Settings) -> None:
    for known in registered(settings.register):
        set_state(settings.register, known.item.report_id, "accepted")


@pytest.mark.parametrize("path", ["/page", "/moved", "/flaky", "/untyped", "/workbook"])
def test_pages_that_come(base: str, settings: Settings, path: str) -> None:
    page = fetch(base + path, settings)
    assert page is not None
    assert page.data == PAGE


@pytest.mark.parametrize(
    ("path", "code", "asked"),
    [
        ("/missing", "http_status", 1),
        ("/broken", "unavailable", 2),
        ("/silent", "timeout", 2),
        ("/dripping", "timeout", 2),
        ("/truncated", "truncated", 2),
        ("/large", "too_large", 1),
        ("/endless", "too_large", 1),
        ("/bomb", "too_large", 1),
        ("/picture", "content_type", 1),
        ("/circle", "redirect_loop", 2),
        ("/long", "too_many_redirects", 6),
        ("/tofile", "scheme", 1),
        ("/nowhere", "bad_redirect", 1),
        ("/noname", "bad_redirect", 1),
        ("/noscheme", "bad_redirect", 1),
    ],
)
def test_pages_that_do_not(base: str, settings: Settings, path: str, code: str, asked: int) -> None:
    with pytest.raises(PullError) as caught:
        fetch(base + path, settings)
    assert caught.value.code == code
    assert len(Server.asked) == asked
    assert path.strip("/") in str(caught.value) or code == "scheme"


def test_a_page_in_another_charset_than_its_header_says_is_read(base: str, settings: Settings) -> None:
    found = look(settings.model_copy(update={"sources": registry(settings, f"{base}/miscalled")}))
    (outcome,) = read_items(found.items, found.sources, settings)
    text = (settings.texts / f"{outcome.item.report_id}.txt").read_text(encoding="utf-8")
    assert "新增3例。" in text


def test_addresses_that_are_none_stop_neither_index_nor_feed(base: str, settings: Settings) -> None:
    for path, kind in (("/baseless", "index"), ("/feed", "feed")):
        (item,), problems = discover(
            source(base + path, kind), settings.model_copy(update={"home": settings.home / kind})
        )
        assert item.uri == f"{base}/page.html"
        assert problems == []


def test_what_nobody_thought_of_stops_no_other_source(
    base: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[str]:
        raise ZeroDivisionError("of nothing")

    monkeypatch.setattr("flows.pull.listing.links", broken)
    items, (problem,) = new_items([source(f"{base}/list", "index"), source(f"{base}/page")], settings)
    assert [item.uri for item in items] == [f"{base}/page"]
    assert (problem.code, f"{base}/list: ZeroDivisionError at test_pull_web.py" in problem.message) == ("failed", True)


def test_a_port_where_nobody_listens(server: ThreadingHTTPServer, settings: Settings) -> None:
    with pytest.raises(PullError) as caught:
        fetch("http://127.0.0.1:9/", settings)
    assert caught.value.code == "connection"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "gopher://x", "http://", "nonsense"])
def test_other_schemes(settings: Settings, url: str) -> None:
    with pytest.raises(PullError) as caught:
        fetch(url, settings)
    assert caught.value.code == "scheme"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"],  # noqa: S104
)
def test_private_addresses_are_not_asked(server: ThreadingHTTPServer, settings: Settings, host: str) -> None:
    careful = settings.model_copy(update={"allow_private_addresses": False})
    with pytest.raises(PullError) as caught:
        fetch(f"http://{host}:{server.server_port}/page", careful)
    assert caught.value.code == "private_address"
    assert "GONGBAO_ALLOW_PRIVATE_ADDRESSES=true" in str(caught.value)
    assert Server.asked == []


def test_redirects_are_checked_hop_by_hop(
    base: str, server: ThreadingHTTPServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first host passes for public; the address it redirects to does not."""
    monkeypatch.setattr("flows.pull.web._is_public", lambda address: str(address) == "127.0.0.1")
    monkeypatch.setattr(Server, "at_moved", lambda self: self.say(302, Location="http://10.0.0.1/page"))
    careful = settings.model_copy(update={"allow_private_addresses": False})
    with pytest.raises(PullError) as caught:
        fetch(f"{base}/moved", careful)
    assert caught.value.code == "private_address"
    assert "10.0.0.1" in str(caught.value)


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, is_public: bool) -> None:
    from ipaddress import ip_address

    assert _is_public(ip_address(address)) is is_public


def test_a_page_is_pulled_once_and_asked_for_with_its_tag(base: str, settings: Settings) -> None:
    (item,), problems = new_items([source(f"{base}/tagged")], settings)
    assert problems == []
    assert (item.name, item.content_type, item.uri) == ("tagged", "text/html", f"{base}/tagged")
    finish(settings)
    assert new_items([source(f"{base}/tagged")], settings) == ([], [])
    assert fetch(f"{base}/tagged", settings, etag='"v1"') is None


def test_a_changed_page_is_a_new_version(base: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    new_items([source(f"{base}/page")], settings)
    finish(settings)
    assert new_items([source(f"{base}/page")], settings) == ([], [])
    monkeypatch.setattr(Server, "at_page", lambda self: self.say(200, PAGE + b"x"))
    assert len(new_items([source(f"{base}/page")], settings)[0]) == 1
    assert len(registered(settings.register)) == 2


def test_an_index_page(base: str, settings: Settings) -> None:
    items, (problem,) = discover(source(f"{base}/list.html", "index"), settings)
    assert [item.uri for item in items] == [f"{base}/news/1.html", f"{base}/news/2.shtml"]
    assert (problem.uri, problem.code) == (f"{base}/gone.html", "http_status")


def test_an_index_page_with_a_pattern(base: str, settings: Settings) -> None:
    items, problems = discover(source(f"{base}/list.html */content_*", "index"), settings)
    assert [item.name for item in items] == ["content_5"]
    assert problems == []


def test_an_index_page_with_too_many_links(base: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.pull.web._MOST_LINKS", 29)
    items, (problem,) = discover(source(f"{base}/many", "index"), settings)
    assert (items, problem.code) == ([], "too_many_links")


def test_a_dead_source_stops_no_other(base: str, settings: Settings) -> None:
    dead = Source("dead", "http", f"{base}/silent", "", "", "", "", True)
    items, (problem,) = new_items([dead, source(f"{base}/page")], settings)
    assert [item.source_id for item in items] == ["web"]
    assert (problem.source_id, problem.code) == ("dead", "timeout")
    assert "did not answer within 0.5 s; 2 attempts" in problem.message


def test_a_path_trick_in_a_url_survives_nowhere(base: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "at_missing", Server.at_page)
    (item,), _ = discover(source(f"{base}/x/..%2F..%2Fetc%2Fpasswd"), settings)
    assert "/" not in item.report_id
    assert item.report_id.startswith("etc_passwd-")


def test_links_of_a_page_that_is_no_html() -> None:
    assert links(Page("http://a.example/x", b"\xff\xfe\x00<a href=", "", "", "")) == []


def test_an_archive_is_pulled_member_by_member(base: str, settings: Settings) -> None:
    (item,), (problem,) = new_items([source(f"{base}/reports.zip")], settings)
    assert (item.name, item.uri) == ("a.txt", f"{base}/reports.zip!/a.txt")
    assert problem.code == "outside"


def test_what_an_archive_on_a_page_holds_that_is_refused_is_remembered(base: str, settings: Settings) -> None:
    here = settings.model_copy(update={"sources": registry(settings, f"{base}/reports.zip")})
    first, second = look(here), look(here)
    assert [problem.code for problem in first.problems] == ["outside"]
    assert second.reasons == ()  # nothing "can be reached again"
    (row,) = quarantined(here)
    assert (row["uri"], "'../b.txt' leads out of its archive" in row["reason"]) == (f"{base}/reports.zip", True)
