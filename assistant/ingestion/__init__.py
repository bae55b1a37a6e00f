"""Taking documents in: what changed is read, cut, embedded, and published at once.

Everything done is kept at every step (a document read, a batch embedded), so an
ingestion that is killed or stopped goes on where it was. Nothing is seen by a search
before the whole of it is published.

`taking_in` has the stories a person asks for, `run` is one ingestion, `workforce` who reads
and embeds for it, `preparing` what is made of a reading; `recipe` says when a version need
not be made again, `report` what was done; `state` tells how the corpus stands, in `rows`.
"""

from assistant.ingestion.report import (
    EMBEDDING,
    PUBLISHING,
    READING,
    Failure,
    IngestionReport,
    Progress,
)
from assistant.ingestion.rows import CorpusRow, CorpusState, State
from assistant.ingestion.state import corpus_state
from assistant.ingestion.taking_in import ingest, readmit, set_aside, withdraw

__all__ = [
    "EMBEDDING",
    "PUBLISHING",
    "READING",
    "CorpusRow",
    "CorpusState",
    "Failure",
    "IngestionReport",
    "Progress",
    "State",
    "corpus_state",
    "ingest",
    "readmit",
    "set_aside",
    "withdraw",
]
