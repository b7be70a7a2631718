"""Bytes to canonical text and its spans. The text is never edited after decoding."""

from flows.read.document import READER_VERSION, read_document
from flows.read.errors import ReadError
from flows.read.noise import Seen, removed_digits, repeated, seen
from flows.read.origin import Map, Origin, locate, map_back, map_json, read_map

__all__ = [
    "READER_VERSION",
    "Map",
    "Origin",
    "ReadError",
    "Seen",
    "locate",
    "map_back",
    "map_json",
    "read_document",
    "read_map",
    "removed_digits",
    "repeated",
    "seen",
]
