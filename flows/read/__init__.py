"""Bytes to canonical text and its spans. The text is never edited after decoding."""

from flows.read.document import READER_VERSION, read_document
from flows.read.errors import ReadError

__all__ = ["READER_VERSION", "ReadError", "read_document"]
