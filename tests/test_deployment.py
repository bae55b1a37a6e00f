"""What `docs/deployment.md` has an administrator copy is what systemd and the program take."""

import re
import shutil
import subprocess

import pytest

from assistant.cli import build_parser
from tests.conftest import REPOSITORY

DOCS = REPOSITORY / "docs"
UNITS = ("assistant.service", "assistant-backup.service", "assistant-backup.timer")
HARDENED = (
    "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
    "PrivateDevices=yes", "CapabilityBoundingSet=", "RestrictAddressFamilies=", "UMask=0077",
    "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service",
)  # fmt: skip


def test_the_units_are_what_systemd_accepts(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for name in UNITS:
        text = (DOCS / name).read_text("utf-8")
        (tmp_path / name).write_text(re.sub(r"/opt/assistant/\S+/assistant", "/bin/true", text))
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_service_may_reach_nothing_but_its_own_machine():
    service = (DOCS / "assistant.service").read_text("utf-8")
    backup = (DOCS / "assistant-backup.service").read_text("utf-8")

    assert "IPAddressDeny=any\nIPAddressAllow=localhost\n" in service
    assert "PrivateNetwork=yes" in backup
    for line in HARDENED:
        assert line in service and line in backup, line


def test_every_command_of_the_page_and_the_units_is_one_of_the_program():
    known = next(a.choices for a in build_parser()._actions if a.dest == "command")
    text = "\n".join(path.read_text("utf-8") for path in DOCS.glob("*assistant*.service"))
    text += (DOCS / "deployment.md").read_text("utf-8")
    used = set(re.findall(r"^# a (\w+)|bin/assistant --workspace \S+ (\w+)", text, re.MULTILINE))

    names = {first or second for first, second in used}
    assert {"serve", "backup", "restore", "doctor", "ingest"} <= names
    assert names <= set(known)


def test_every_command_is_named_in_the_readme():
    known = next(a.choices for a in build_parser()._actions if a.dest == "command")
    readme = (REPOSITORY / "README.md").read_text("utf-8")

    assert [name for name in known if not re.search(rf"`{name}\b", readme)] == []
