"""Readers: one file in, canonical text with locators out; one reader a format."""

from assistant.reading.dispatch import SUPPORTED, read

__all__ = ["SUPPORTED", "read"]
