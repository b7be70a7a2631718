"""Pages of http and index sources: fetched with care, because what is at the other end may be anything."""

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import httpx

from flows.pull.items import PullError
from flows.pull.manners import LONGEST_WAIT_SECONDS, asked_to_wait
from flows.settings import Settings

#: What a link must end in to be taken for a report, where the source gives no pattern.
READABLE_ENDINGS = (
    ".txt", ".md", ".html", ".htm", ".shtml", ".xhtml", ".csv", ".pdf", ".docx", ".xlsx", ".zip",
)  # fmt: skip

_READABLE_TYPES = (
    "text/",
    "application/rss+xml",
    "application/atom+xml",
    "application/xml",
    "application/xhtml+xml",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
    "application/x-zip-compressed",
    "application/octet-stream",  # what servers say that do not know
)
AGENT = "gongbao (reads published reports)"
#: What the link to the next page of an index says.
_NEXT = frozenset({"下一页", "下一頁", "下页", "下頁", "后一页", "後一頁", "Next", "next", "Next page"})
_MOST_HOPS = 5
_MOST_LINKS = 1000
_FIRST_PAUSE_SECONDS = 0.5
_WORTH_RETRYING = frozenset({408, 425, 429, 500, 502, 503, 504})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Page:
    """What a server sent. `validators` are what it wants to be asked with next time."""

    url: str  # after redirects
    data: bytes
    content_type: str
    etag: str
    last_modified: str


class _PassingError(Exception):
    """A failure that may pass, with the reason to give if it does not."""

    def __init__(self, code: str, message: str, wait_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.code = code
        self.wait_seconds = wait_seconds  # what the server asks for


def fetch(url: str, settings: Settings, *, etag: str = "", last_modified: str = "") -> Page | None:
    """The page at `url`; None where the server says it is the one that `etag` or `last_modified` stand for.

    Passing failures (timeouts, broken connections, 5xx, 429) are tried `http_retries` times more, with
    growing pauses. Raises PullError: scheme, private_address, unknown_host, timeout, connection, truncated,
    unavailable, http_status, content_type, too_large, redirect_loop, too_many_redirects, bad_redirect.
    """
    headers = {"User-Agent": AGENT, "Accept": "text/html, text/plain, text/markdown, */*;q=0.5"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    # The environment's proxies are left out: through one, the address that answers is not the one checked.
    client = httpx.Client(
        timeout=settings.http_timeout_seconds,
        follow_redirects=False,
        trust_env=False,
        verify=httpx.create_ssl_context(),
    )
    with closing(client):
        for attempt in range(settings.http_retries + 1):
            try:
                return _follow(client, url, headers, settings)
            except _PassingError as failure:
                if attempt == settings.http_retries:
                    raise PullError(failure.code, f"{failure}; {attempt + 1} attempts") from failure
                if failure.wait_seconds > LONGEST_WAIT_SECONDS:
                    wait = f"{failure}, and asks for {failure.wait_seconds:.0f} s; the next run asks again"
                    raise PullError(failure.code, wait) from failure
                pause = max(_FIRST_PAUSE_SECONDS * 2**attempt, failure.wait_seconds)
            time.sleep(pause)
    raise AssertionError("the loop returns or raises")


def links(page: Page, pattern: str = "") -> list[str]:
    """The links of an index page that lead to reports: on its own host, in page order, each once.

    With a `pattern` (a glob over the whole URL) those that match it, otherwise those with a readable ending.
    Raises PullError where there are more than 1000.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page.data)
    base_tag = tree.css_first("base[href]")
    base = (joined(page.url, base_tag.attributes.get("href") or "") if base_tag else "") or page.url
    host = urlsplit(page.url).netloc.lower()
    found: dict[str, None] = {}
    for anchor in tree.css("a[href]"):
        url = joined(base, anchor.attributes.get("href") or "")
        if url and url != page.url and urlsplit(url).netloc.lower() == host and _is_report(url, pattern):
            found[url] = None
    if len(found) > _MOST_LINKS:
        raise PullError("too_many_links", f"{page.url} has {len(found)} links; narrow them with a pattern")
    return list(found)


def next_page(page: Page) -> str:
    """The page after an index page, on its own host: what it marks as next, or a link that says so; empty for none."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page.data)
    marked = [node for node in tree.css("link[href], a[href]") if "next" in (node.attributes.get("rel") or "").split()]
    said = [node for node in tree.css("a[href]") if node.text().strip(" \t\r\n>»›→") in _NEXT]
    for node in [*marked, *said]:
        url = joined(page.url, node.attributes.get("href") or "")
        if url and url != page.url and urlsplit(url).netloc.lower() == urlsplit(page.url).netloc.lower():
            return url
    return ""


def page_name(url: str) -> str:
    """The name of the page at `url`: the last piece of its path, or its host."""
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.hostname or ""


def joined(base: str, link: str) -> str:
    """`link` as an absolute http(s) URL without a fragment; empty where it is none."""
    try:
        url = urldefrag(urljoin(base, link.strip())).url
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:  # such as http://[broken
        return ""


def _is_report(url: str, pattern: str) -> bool:
    if pattern:
        return fnmatchcase(url, pattern)
    return urlsplit(url).path.lower().endswith(READABLE_ENDINGS)


def _follow(client: httpx.Client, url: str, headers: dict[str, str], settings: Settings) -> Page | None:
    """The page behind `url` and its redirects; every hop passes the same checks as the first."""
    visited: list[str] = []
    while True:
        if url in visited:
            raise PullError("redirect_loop", f"{visited[0]} redirects in a circle through {url}; mend the location")
        if len(visited) > _MOST_HOPS:
            raise PullError("too_many_redirects", f"{visited[0]} redirects more than {_MOST_HOPS} times")
        visited.append(url)
        with _asked(client, url, headers, settings) as response:
            if not response.has_redirect_location:
                return _page(response, url, settings)
            url = urljoin(url, response.headers["location"])


@contextmanager
def _asked(client: httpx.Client, url: str, headers: dict[str, str], settings: Settings) -> Iterator[httpx.Response]:
    """The one response to a GET of `url`, open for streaming, from an address that was checked."""
    target = _checked(url, settings)
    address = _address(target, settings)
    # The connection goes to the very address that was checked: a second look-up could give another.
    request = client.build_request(
        "GET",
        target.copy_with(host=address),
        headers=headers | {"Host": target.netloc.decode("ascii")},
        extensions={"sni_hostname": target.host},
    )
    try:
        response = client.send(request, stream=True)
        with closing(response):
            yield response
    except httpx.TimeoutException as error:
        limit = settings.http_timeout_seconds
        raise _PassingError("timeout", f"{url} did not answer within {limit:g} s") from error
    except httpx.RemoteProtocolError as error:
        raise _PassingError("truncated", f"{url} broke off ({error})") from error
    except httpx.HTTPError as error:
        raise _PassingError("connection", f"{url} cannot be had ({error or type(error).__name__})") from error
    except (httpx.InvalidURL, ValueError) as error:
        raise PullError("bad_redirect", f"{url} redirects to what is no URL ({error}); mend the location") from error


def _page(response: httpx.Response, url: str, settings: Settings) -> Page | None:
    if response.status_code == httpx.codes.NOT_MODIFIED:
        return None
    if response.status_code in _WORTH_RETRYING:
        wait = asked_to_wait(response.headers.get("retry-after", "")) or 0.0
        raise _PassingError("unavailable", f"{url} answered {response.status_code}", wait)
    if response.status_code != httpx.codes.OK:
        raise PullError("http_status", f"{url} answered {response.status_code}; mend the location")
    content_type = response.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind and not kind.startswith(_READABLE_TYPES):
        raise PullError("content_type", f"{url} is {kind}; reports are text, HTML, CSV, PDF, Word, Excel or ZIP")
    return Page(
        url=url,
        data=_body(response, url, settings),
        content_type=content_type,
        etag=response.headers.get("etag", ""),
        last_modified=response.headers.get("last-modified", ""),
    )


def _body(response: httpx.Response, url: str, settings: Settings) -> bytes:
    """The body, no more of it than `max_bytes` (unpacked) and no longer than the timeout in all."""
    too_large = PullError(
        "too_large", f"{url} is larger than {settings.max_bytes} bytes; raise GONGBAO_MAX_BYTES to take it"
    )
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > settings.max_bytes:
        raise too_large
    deadline = time.monotonic() + settings.http_timeout_seconds
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > settings.max_bytes:
            raise too_large
        if time.monotonic() > deadline:
            limit = settings.http_timeout_seconds
            raise _PassingError("timeout", f"{url} was not all sent within {limit:g} s")
    return bytes(data)


def _checked(url: str, settings: Settings) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:  # ValueError: a host that is no name in any script
        raise PullError("scheme", f"{url!r} is no URL ({error})") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise PullError("scheme", f"{url} is refused; only http and https are fetched")
    return target


def _address(target: httpx.URL, settings: Settings) -> str:
    """An address of the host. Raises PullError where any of its addresses is not public, unless that is
    allowed."""
    try:
        answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _PassingError("unknown_host", f"{target.host} cannot be looked up ({error})") from error
    addresses = [str(answer[4][0]) for answer in answers]
    if not settings.allow_private_addresses:
        for address in addresses:
            if not _is_public(ipaddress.ip_address(address.partition("%")[0])):
                raise PullError(
                    "private_address",
                    f"{target.host} is the private address {address}; "
                    "set GONGBAO_ALLOW_PRIVATE_ADDRESSES=true to pull from your own network",
                )
    return addresses[0]


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast
