"""What this machine does best: measured once, kept beside the index, read when engines open.

`choosing` decides, and depends on figures alone; `rounds` measures rivals in turn;
`language` and `embedding` say what is tried with each engine; `kept` writes and reads the file.
"""

from assistant.tuning.kept import (
    FILE_NAME,
    EmbeddingTuned,
    LanguageTuned,
    Machine,
    Standing,
    Tuned,
    keep,
    standing,
    this_machine,
)

__all__ = [
    "FILE_NAME",
    "EmbeddingTuned",
    "LanguageTuned",
    "Machine",
    "Standing",
    "Tuned",
    "keep",
    "standing",
    "this_machine",
]
