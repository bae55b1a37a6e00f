"""An uploaded file into the corpus: under a safe name, whole or not at all, over nothing.

`taking` is the story, `names` the rule for names of files and collections, `folder` the
writing, `refusals` why an upload is not taken.
"""

from assistant.uploads.names import PLAIN_NAME, is_collection_name
from assistant.uploads.refusals import AlreadyThere, UploadRefused
from assistant.uploads.taking import take_upload

__all__ = ["PLAIN_NAME", "AlreadyThere", "UploadRefused", "is_collection_name", "take_upload"]
