"""Bringing models to this machine: fetched in parts, or added by an administrator."""

from assistant.provisioning.adding import add
from assistant.provisioning.fetching import fetch

__all__ = ["add", "fetch"]
