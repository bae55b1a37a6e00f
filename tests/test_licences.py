"""No dependency contradicts EUPL-1.2; the list is what is really installed."""

import importlib.metadata
import re

from tests.conftest import REPOSITORY

# Permissive, or copyleft that the EUPL's appendix or its own terms reconcile with use as a library.
ACCEPTED = re.compile(
    r"MIT|BSD|Apache|ISC|MPL|Mozilla|PSF|Python Software Foundation|Zlib|CC0|LGPL|Lesser|CNRI|Unlicense",
    re.IGNORECASE,
)
# Said here because the package's own words name other licences too: it is used under the first.
CHOSEN = {
    "odfpy": "Apache-2.0, one of the three it is offered under",
    "axe-playwright-python": "MIT by its LICENSE file; the axe-core it carries is MPL-2.0",
}
REFUSED = re.compile(
    r"AGPL|Affero|\bSSPL|Commons Clause|Proprietary|NonCommercial|BUSL", re.IGNORECASE
)


def locked():
    for name in ("requirements.lock", "requirements-torch.lock"):
        for line in (REPOSITORY / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield line.split("==")[0].strip()


def licence_of(name: str) -> str:
    facts = importlib.metadata.metadata(name)
    classifiers = [c for c in facts.get_all("Classifier") or [] if c.startswith("License")]
    return facts.get("License-Expression") or " ".join(
        [*classifiers, (facts.get("License") or "")[:200]]
    )


def test_every_locked_dependency_has_a_licence_that_the_eupl_accepts():
    unknown = {
        name: licence_of(name)
        for name in locked()
        if name not in CHOSEN
        and (not ACCEPTED.search(licence_of(name)) or REFUSED.search(licence_of(name)))
    }
    assert unknown == {}


def test_everything_installed_is_what_the_lock_says():
    wrong = []
    for line in (REPOSITORY / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if "==" in line:
            name, version = line.strip().split("==")
            if importlib.metadata.version(name) != version:
                wrong.append(line)
    assert wrong == []


def test_the_project_is_under_the_eupl():
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in (REPOSITORY / "LICENSE").read_text("utf-8")
    assert "EUPL-1.2" in (REPOSITORY / "publiccode.yml").read_text("utf-8")
