"""What a person decides about what was kept out: try it again, or put it away."""

from flows.operations.lock import one_writer
from flows.operations.reading import known_problems, quarantined
from flows.operations.troubles import MistakenError
from flows.pull import read_sources, registered
from flows.pull.ledger import DISCARD, decide, look_again, wait_again
from flows.settings import Settings


def release(settings: Settings, what: str, reason: str) -> list[str]:
    """Make what is called `what` wait for the gate again. Returns report ids and places. Raises MistakenError."""
    reports, places = _meant(settings, what, reason)
    with one_writer(settings):
        wait_again(settings.register, reports, "release", reason)
        for source_id, uri in places:
            look_again(settings.register, source_id, uri)
            decide(settings.register, "release", f"{source_id}:{uri}", reason)
    return [*reports, *(uri for _, uri in places)]


def discard(settings: Settings, what: str, reason: str) -> list[str]:
    """Put what is called `what` away for good. Only what is kept out whole can be: rows of a loaded report are its
    own."""
    reports, places = _meant(settings, what, reason)
    states = {each.item.report_id: each for each in registered(settings.register)}
    with one_writer(settings):
        for report_id in reports:
            if states[report_id].state != "quarantined":
                raise MistakenError(
                    f"{report_id} is loaded, only rows of it are kept out; mend the rule and `gongbao rerun` it, or "
                    "`gongbao forget` it"
                )
        for report_id in reports:
            decide(settings.register, DISCARD, report_id, reason, states[report_id].item.sha256)
        for source_id, uri in places:
            decide(settings.register, DISCARD, f"{source_id}:{uri}", reason)
    return [*reports, *(f"{source_id}:{uri}" for source_id, uri in places)]


def _meant(settings: Settings, what: str, reason: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The one report or place that `what` names: its id, its uri, or the end or beginning of either."""
    if not reason.strip():
        raise MistakenError("--reason is empty; say why, the audit trail keeps it")
    rows = {row["report_id"]: row["uri"] for row in quarantined(settings, also_discarded=True)}
    exact = [key for key, uri in rows.items() if what in (key, uri)]
    near = [key for key, uri in rows.items() if key.startswith(what) or uri.endswith(what)]
    found = exact or near
    if len(found) != 1:
        some = ", ".join(found[:5] or [*rows][:5]) or "nothing"
        many = f"{len(found)} things in quarantine are called" if found else "nothing in quarantine is called"
        raise MistakenError(f"{many} {what!r}; there is {some}")
    known = {each.item.report_id for each in registered(settings.register)}
    if found[0] in known:
        return found, []
    refused = known_problems(read_sources(settings.sources_file), settings)
    places = [(each.source_id, each.uri) for each in refused if f"{each.source_id}:{each.uri}" == found[0]]
    if not places:
        raise MistakenError(f"{found[0]} could not be reached; every run asks for it again, there is nothing to decide")
    return [], places
