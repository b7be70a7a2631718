"""The publish room: the marts as a new generation beside the old ones, and one link that says which is current."""

from flows.publish.generation import PublishError, content_hash, publish
from flows.publish.snapshots import Snapshot, rollback, snapshots

__all__ = ["PublishError", "Snapshot", "content_hash", "publish", "rollback", "snapshots"]
