"""A workspace in one archive, and back: taken while the program runs, checked before it is used.

`taking` makes the archive: `freezing` fixes one moment of the stores, `writing` streams the
members, `manifest` says what each must be. `restoring` brings a workspace back, from what
`reading` found to be whole. The derived indexes stay out: the catalogue has all they are made
of, vectors included. So do the weights of the models: the manifest names and hashes them.
"""

from assistant.backup.collecting import LeftOut
from assistant.backup.reading import check
from assistant.backup.refusals import ArchiveRefused, BackupError
from assistant.backup.restoring import Restored, restore
from assistant.backup.taking import BackedUp, back_up

__all__ = [
    "ArchiveRefused",
    "BackedUp",
    "BackupError",
    "LeftOut",
    "Restored",
    "back_up",
    "check",
    "restore",
]
