"""Answering again from a record, and saying exactly what is not as it was.

`script` reads what a record keeps, `again` goes the way of the question once more from the same
evidence, `comparing` says what came out otherwise, `circumstances` what may be why, and
`sources` what became of the documents since.
"""

from assistant.replaying.running import Replay, replay
from assistant.replaying.sources import Fate, SourceToday, sources_today

__all__ = ["Fate", "Replay", "SourceToday", "replay", "sources_today"]
