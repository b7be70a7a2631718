"""The publish room: marts as a new generation, and the link that says which is current."""

from flows.publish.differences import differences
from flows.publish.errors import PublishError
from flows.publish.export import FORMATS, export, unescaped
from flows.publish.generation import content_hash, publish
from flows.publish.snapshots import Snapshot, rollback, snapshots

__all__ = [
    "FORMATS",
    "PublishError",
    "Snapshot",
    "content_hash",
    "differences",
    "export",
    "publish",
    "rollback",
    "snapshots",
    "unescaped",
]
