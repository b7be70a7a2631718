"""Words to people: new broken findings, quarantines and failures, through Apprise; off until GONGBAO_NOTIFY is set."""

import json
import logging
from pathlib import Path

from flows.settings import Settings
from flows.show import RunSummary
from flows.show.marking import visible

_MOST_LINES = 20
_log = logging.getLogger(__name__)


def notify(settings: Settings, title: str, body: str) -> bool:
    """Send `body` to every address of `settings.notify`; False where there is none.

    Raises NotifyError where an address is none that Apprise knows, or none could be reached.
    """
    if not settings.notify:
        return False
    import apprise

    to = apprise.Apprise()
    for address in settings.notify.split():
        if not to.add(address):
            raise NotifyError(
                f"GONGBAO_NOTIFY has {address.partition('://')[0]!r}://…, which is no address of Apprise's; "
                "see https://appriseit.com/services"
            )
    if not to.notify(title=visible(title), body=body):
        raise NotifyError("the notification was not taken; look at the address in GONGBAO_NOTIFY and the network")
    return True


class NotifyError(RuntimeError):
    """Nobody was told."""


def notify_run(settings: Settings, summary: RunSummary) -> tuple[str, str] | None:
    """Title and body of what is new since people were last told; None where there is nothing new.

    What was told stands in `<home>/told.json`, so that a finding is told once, and again only after it was gone.
    """
    file = settings.home / "told.json"
    before = _told(file)
    now = {
        "broken": sorted(f"{report}: {message}" for report, message in summary.broken),
        "kept out": sorted(f"{name}: {reason}" for name, reason in summary.quarantined),
    }
    fresh = {kind: [line for line in lines if line not in before.get(kind, [])] for kind, lines in now.items()}
    if now != before:
        aside = file.with_suffix(".part")
        aside.write_text(json.dumps(now, ensure_ascii=False, indent=1), encoding="utf-8")
        aside.replace(file)
    if not any(fresh.values()):
        return None
    title = "gongbao: " + ", ".join(f"{len(lines)} {kind}" for kind, lines in fresh.items() if lines)
    lines = [f"{kind}: {visible(line)}" for kind, new in fresh.items() for line in new]
    more = [f"… and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else []
    return title, "\n".join(lines[:_MOST_LINES] + more)


def notify_failure(settings: Settings, run: str, message: str) -> None:
    """Tell of a run that failed. A notification that cannot be sent must not hide the failure: it is logged."""
    try:
        notify(settings, f"gongbao: {run} failed", visible(message))
    except NotifyError as error:
        _log.warning("%s", error)


def _told(file: Path) -> dict[str, list[str]]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}  # at worst something is told twice
    return told if isinstance(told, dict) else {}
