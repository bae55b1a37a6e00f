"""A bundle installs, and what it installs works, in a namespace without a network.

The whole of it is 750 MB of packages and minutes of pip; what is bundled here is the part of the
program that takes documents in and searches them by words, by the same code.
"""

import os
import shutil
import subprocess
import sys

import pytest

from assistant.bundling import BundleError, make_bundle
from assistant.bundling.pins import locked, needed, pinned, project_root
from assistant.bundling.sums import write_sums
from assistant.model_files import sha256_of_file
from assistant.workspace import Workspace
from tests.conftest import REPOSITORY
from tests.workspaces import make_workspace, run, write_note

ISOLATED = ("unshare", "--net", "--map-root-user")
MODEL = "multilingual-e5-small"
# What `ingest` and `search --mode lexical` import, and nothing else.
LEXICAL = (
    "annotated-types", "anyio", "attrs", "beautifulsoup4", "certifi", "charset-normalizer", "chromadb",
    "filelock", "googleapis-common-protos", "grpcio", "h11", "httpcore", "httpx", "idna", "jsonschema", "jsonschema-specifications",
    "markdown-it-py", "mdurl", "numpy", "onnxruntime", "opentelemetry-api",
    "opentelemetry-exporter-otlp-common", "opentelemetry-exporter-otlp-proto-common",
    "opentelemetry-exporter-otlp-proto-grpc", "opentelemetry-proto", "opentelemetry-sdk",
    "opentelemetry-semantic-conventions", "orjson", "overrides", "packaging", "pebble", "protobuf",
    "psutil", "pybase64", "pydantic", "pydantic-core", "pydantic-settings", "pystemmer",
    "python-dotenv", "pyyaml", "referencing", "rpds-py", "tantivy", "tenacity", "tokenizers",
    "tqdm", "typing-extensions", "typing-inspection",
)  # fmt: skip


def test_a_bundle_has_all_that_the_program_needs_and_no_development_tool():
    root = project_root()
    names = {pin.name for pin in needed(root, torch=True)}

    assert {"torch", "llama-cpp-python", "gradio", "chromadb", "onnxscript", "tantivy"} <= names
    assert names.isdisjoint({"pytest", "mypy", "ruff", "playwright", "hypothesis"})
    light = {pin.name for pin in needed(root, torch=False)}
    assert light < names
    assert light.isdisjoint({"torch", "transformers", "sentence-transformers", "sympy"})
    assert {"llama-cpp-python", "onnxruntime", "tokenizers"} <= light
    assert locked(root).keys() >= names


def test_a_package_that_no_lock_pins_is_never_bundled():
    with pytest.raises(BundleError, match="inconnu"):
        pinned(project_root(), ["numpy", "inconnu"])


def test_a_bundle_never_takes_the_place_of_anything(tmp_path):
    workspace = Workspace.open(make_workspace(tmp_path / "ws", documents=0))

    with pytest.raises(BundleError):
        make_bundle(workspace, tmp_path / "ws")
    done = run(tmp_path / "ws", "bundle", str(tmp_path / "ws"), expect=3)
    assert "Erreur :" in done.stderr and "Remède :" in done.stderr
    assert "utilisation :" in run(tmp_path / "ws", "bundle", "--help").stdout


@pytest.fixture
def sham(tmp_path):
    """A bundle without packages: enough for the installer to find fault with."""
    folder = tmp_path / "lot"
    (folder / "wheels").mkdir(parents=True)
    (folder / "models").mkdir()
    shutil.copyfile(REPOSITORY / "assistant/bundling/install.sh", folder / "install.sh")
    made_for = {
        "RELEASE": "0-essai", "PYTHON": f"{sys.version_info.major}.{sys.version_info.minor}",
        "MACHINE": os.uname().machine, "PROCESSOR": "", "requirements.txt": "",
        "models/manifest.toml": "models = []",
    }  # fmt: skip
    for name, content in made_for.items():
        (folder / name).write_text(f"{content}\n", "utf-8")
    write_sums(folder)
    return folder


def install(folder, prefix, *options, isolated=()):
    return subprocess.run(
        [*isolated, "sh", str(folder / "install.sh"), "--prefix", str(prefix),
         "--python", sys.executable, *options],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


def altered(folder):
    (folder / "requirements.txt").write_text("numpy==0\n", "utf-8")


def truncated(folder):
    (folder / "models/manifest.toml").unlink()


def planted(folder):
    (folder / "wheels/numpy-99-1-py3-none-any.whl").write_bytes(b"PK")


def linked(folder):
    (folder / "models/lien").symlink_to("/etc/passwd")


def other_python(folder):
    (folder / "PYTHON").write_text("3.9\n", "utf-8")
    write_sums(folder)


def other_machine(folder):
    (folder / "MACHINE").write_text("vax\n", "utf-8")
    write_sums(folder)


def other_processor(folder):
    (folder / "PROCESSOR").write_text("avx9000\n", "utf-8")
    write_sums(folder)


UNFIT = (altered, truncated, planted, linked, other_python, other_machine, other_processor)


@pytest.mark.parametrize("spoil", UNFIT, ids=lambda spoil: spoil.__name__)
def test_the_installer_refuses_before_it_writes_anything(sham, tmp_path, spoil):
    spoil(sham)
    done = install(sham, tmp_path / "prefix")

    assert done.returncode == 3, done.stderr
    assert "Erreur :" in done.stderr and "Remède :" in done.stderr
    assert not (tmp_path / "prefix").exists()


def test_an_installation_that_fails_leaves_no_release(sham, tmp_path):
    done = install(sham, tmp_path / "prefix")  # no wheel of the program in it

    assert done.returncode == 3
    assert list((tmp_path / "prefix/releases").iterdir()) == []
    assert not (tmp_path / "prefix/current").exists()


@pytest.mark.embedding
def test_what_a_bundle_installs_takes_documents_in_and_searches_them_without_a_network(tmp_path):
    if subprocess.run([*ISOLATED, "true"], check=False).returncode:
        pytest.skip("this machine makes no network namespace (unshare --net --map-root-user)")
    workspace = Workspace.open(make_workspace(tmp_path / "ws", documents=0))
    bundle, prefix, made = tmp_path / "lot", tmp_path / "opt", tmp_path / "documents"
    try:
        told = make_bundle(workspace, bundle, models=(MODEL,), only=LEXICAL)
        assert told.packages == len(LEXICAL) + 1
        assert told.sha256 == sha256_of_file(bundle / "SHA256SUMS")

        done = install(bundle, prefix, "--workspace", str(made), isolated=ISOLATED)
        assert done.returncode == 0, done.stdout + done.stderr
        (made / "corpus/notes").mkdir()
        for number in range(3):
            write_note(made, number)

        def assistant(*arguments):
            done = subprocess.run(
                [*ISOLATED, prefix / "current/bin/assistant", "--workspace", made, *arguments],
                capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        assert "utilisation :" in assistant("--help")
        assert "3 ajouté(s)" in assistant("ingest")
        assert "62 lycées" in assistant("search", "lycées publics", "--mode", "lexical")
        assert not (made / "index/egress.log").exists(), "nothing even tried to leave"

        again = install(bundle, prefix, isolated=ISOLATED)
        assert again.returncode == 0, again.stderr
        assert [path.name for path in (prefix / "releases").iterdir()] == [told.release]
    finally:
        for folder in (bundle, prefix):  # gigabytes that pytest would keep
            shutil.rmtree(folder, ignore_errors=True)
