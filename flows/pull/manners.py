"""Good manners towards servers: a pause between requests, robots.txt, and the wait a server asks for."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: No server makes a run wait longer than this; the source is a problem of this run then, and asked again by the next.
LONGEST_WAIT_SECONDS = 60.0

_last_asked: dict[str, float] = {}
_ready = threading.Lock()


def take_turn(host: str, pause_seconds: float) -> None:
    """Wait until `pause_seconds` have gone by since `host` was last asked by this process."""
    with _ready:
        now = time.monotonic()
        at = max(now, _last_asked.get(host, float("-inf")) + pause_seconds)
        _last_asked[host] = at
    time.sleep(at - now)


def asked_to_wait(header: str) -> float | None:
    """The seconds of a Retry-After header, a number or a date; None where it is neither."""
    header = header.strip()
    if header.isdecimal() and len(header) < 8:
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


class Robots:
    """What the robots.txt of each host allows. Asked once a host and object."""

    def __init__(self, agent: str, text_of: Callable[[str], str]) -> None:
        """`text_of` gives the robots.txt at a URL: empty where there is none."""
        self._agent = agent
        self._text_of = text_of
        self._parsed: dict[str, object] = {}

    def allow(self, url: str, origin: str) -> bool:
        """May `url`, which is of `origin` (scheme and host), be fetched?"""
        return bool(self._of(origin).can_fetch(url, self._agent))  # type: ignore[attr-defined]

    def pause_seconds(self, origin: str) -> float:
        """The Crawl-delay of `origin`, 0 where it asks for none."""
        delay = self._of(origin).crawl_delay(self._agent)  # type: ignore[attr-defined]
        return min(float(delay or 0), LONGEST_WAIT_SECONDS)

    def _of(self, origin: str) -> object:
        from protego import Protego

        if origin not in self._parsed:
            self._parsed[origin] = Protego.parse(self._text_of(f"{origin}/robots.txt"))
        return self._parsed[origin]
