"""What runs by the clock: a pull per source on the schedule of the registry, the digest, the full refresh check."""

from dataclasses import dataclass

from flows.pull import read_sources
from flows.settings import Settings

DIGEST_CRON = "30 7 * * *"
REFRESH_CHECK_CRON = "0 3 * * 0"


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One deployment: its name, which flow (run, digest, refresh_check), its cron line, the sources it asks."""

    name: str
    flow: str
    cron: str
    only: tuple[str, ...] = ()


def schedules(settings: Settings) -> list[Scheduled]:
    """The deployments of a home. Sources without a schedule are asked by `gongbao run` only."""
    pulls = [
        Scheduled(f"pull-{source.source_id}", "run", source.schedule, (source.source_id,))
        for source in read_sources(settings.sources_file)
        if source.is_enabled and source.schedule
    ]
    return [
        *pulls,
        Scheduled("daily-digest", "digest", DIGEST_CRON),
        Scheduled("weekly-full-refresh-check", "refresh_check", REFRESH_CHECK_CRON),
    ]
