"""All that installs this program on a machine without a network, in one folder.

`making` is the story: `pins` says which packages, `wheels` has pip build or bring them, `weights`
copies the models, `sums` writes down the hash of every file. ``install.sh`` checks these first.
"""

from assistant.bundling.making import Bundled, make_bundle
from assistant.bundling.refusals import BundleError

__all__ = ["BundleError", "Bundled", "make_bundle"]
