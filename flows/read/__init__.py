"""Bytes to canonical text and its spans. The text is never edited after decoding."""

from flows.read.document import READER_VERSION, read_document
from flows.read.errors import ReadError
from flows.read.noise import Seen, removed_digits, repeated, seen

__all__ = ["READER_VERSION", "ReadError", "Seen", "read_document", "removed_digits", "repeated", "seen"]
