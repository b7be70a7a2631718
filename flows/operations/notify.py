"""Words to people: new broken findings, changed pages, quarantines, failures; by Apprise, off until GONGBAO_NOTIFY is
set."""

import json
import logging

from flows.settings import Settings
from flows.show import RunSummary
from flows.show.marking import visible

_MOST_LINES = 20
_FILE = "told.json"
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


def news(settings: Settings, summary: RunSummary) -> tuple[str, str] | None:
    """Title and body of what is new since people were last told; None where there is nothing new.

    What was told stands in `<home>/told.json`, so that a finding is told once, and again only after it was gone.
    """
    before = _told(settings)
    fresh = {
        kind: [line for line in lines if line not in before.get(kind, [])] for kind, lines in _lines(summary).items()
    }
    if not any(fresh.values()):
        return None
    title = "gongbao: " + ", ".join(f"{len(lines)} {kind}" for kind, lines in fresh.items() if lines)
    lines = [f"{kind}: {visible(line)}" for kind, new in fresh.items() for line in new]
    more = [f"… and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else []
    return title, "\n".join(lines[:_MOST_LINES] + more)


def note_told(settings: Settings, summary: RunSummary) -> None:
    """Keep what people know of now. Only once they were told: what was not taken is told by the next run."""
    file = settings.home / _FILE
    aside = file.with_suffix(".part")
    aside.write_text(json.dumps(_lines(summary), ensure_ascii=False, indent=1), encoding="utf-8")
    aside.replace(file)


def tell_of_run(settings: Settings, summary: RunSummary) -> None:
    """Tell what is new of a run. A notification that cannot be sent does not undo a run that ended well."""
    try:
        if said := news(settings, summary):
            notify(settings, *said)
    except NotifyError as error:
        _log.warning("%s; the next run that has work tells it again", error)
    else:
        note_told(settings, summary)


def notify_failure(settings: Settings, run: str, message: str) -> None:
    """Tell of a run that failed. A notification that cannot be sent must not hide the failure: it is logged."""
    try:
        notify(settings, f"gongbao: {run} failed", visible(message))
    except NotifyError as error:
        _log.warning("%s", error)


def _lines(summary: RunSummary) -> dict[str, list[str]]:
    return {
        "broken": sorted(f"{report}: {message}" for report, message in summary.broken),
        "changed": sorted(f"{report}: {said}" for report, said in summary.changed),
        "kept out": sorted(f"{name}: {reason}" for name, reason in summary.quarantined),
    }


def _told(settings: Settings) -> dict[str, list[str]]:
    try:
        told = json.loads((settings.home / _FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # ValueError: no JSON, or no UTF-8
        return {}  # at worst something is told twice
    return told if isinstance(told, dict) else {}
