"""Models: the manifest, their hashes, and what an administrator adds."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ModelCorrupt, ModelError, ModelMissing, ModelUnknown
from assistant.model_files import receipt_path, sha256_of
from assistant.model_manifest import (
    ensure_verified,
    is_installed,
    load_manifest,
    path_of,
    verify,
)
from assistant.provisioning import add

GGUF = b"GGUF\x03\x00\x00\x00" + bytes(range(256)) * 40


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    path = tmp_path / "Mon modèle (Q4).gguf"
    path.write_bytes(GGUF)
    return path


def plain_folder(where: Path) -> Path:
    """The files of a sentence-transformers folder, without a model that could run."""
    where.mkdir()
    (where / "config.json").write_text("{}", encoding="utf-8")
    (where / "tokenizer.json").write_text("{}", encoding="utf-8")
    (where / "model.safetensors").write_bytes(b"weights")
    modules = [{"path": "", "type": "sentence_transformers.models.Transformer"}]
    (where / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    return where


def test_the_shipped_manifest_names_every_model_with_its_licence_and_the_hash_of_each_part(
    tmp_path,
):
    manifest = load_manifest(tmp_path)  # an empty folder: the program's own manifest serves

    assert manifest.default("language").name == "qwen2.5-coder-1.5b-instruct-q4_k_m"
    assert manifest.default("embedding").name == "multilingual-e5-small"
    for model in manifest.models:
        assert model.licence in {"Apache-2.0", "MIT"}
        assert model.parts
        assert all(part.sha256 for part in model.parts)
        if model.assembly == "join":
            assert sum(part.bytes for part in model.parts) == model.bytes


def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(ModelUnknown, match="multilingual-e5-small"):
        load_manifest(tmp_path).get("gpt")


@pytest.mark.parametrize("path", ["../evil.gguf", "/etc/passwd", ".hidden", "a/b.gguf", ""])
def test_a_manifest_cannot_name_a_file_outside_the_models_folder(tmp_path, path):
    (tmp_path / "local.toml").write_text(
        f'[[models]]\nname = "x"\nkind = "language"\nlicence = ""\nupstream = ""\n'
        f'path = {json.dumps(path)}\nbytes = 1\nsha256 = "{"0" * 64}"\n',
        encoding="utf-8",
    )
    with pytest.raises(ModelError, match=r"local\.toml"):
        load_manifest(tmp_path)


def test_an_added_file_is_copied_hashed_and_known_from_then_on(tmp_path, gguf):
    models = tmp_path / "models"

    added = add(gguf, models, licence="MIT")

    known = load_manifest(models).get(added.name)
    assert known == added
    assert known.name == "mon-mod-le-q4"
    assert known.sha256 == hashlib.sha256(GGUF).hexdigest()
    assert path_of(known, models).read_bytes() == GGUF
    assert not path_of(known, models).is_symlink()
    verify(known, models)
    gguf.unlink()
    assert is_installed(known, models)


def test_a_linked_file_is_not_copied(tmp_path, gguf):
    models = tmp_path / "models"

    added = add(gguf, models, link=True)

    assert path_of(added, models).is_symlink()
    verify(added, models)
    gguf.unlink()
    with pytest.raises(ModelMissing):
        verify(added, models)


def test_adding_the_same_file_twice_registers_it_once(tmp_path, gguf):
    models = tmp_path / "models"
    first = add(gguf, models)

    assert add(gguf, models) == first
    assert (models / "local.toml").read_text(encoding="utf-8").count("[[models]]") == 1


def test_another_file_cannot_take_a_name_that_is_taken(tmp_path, gguf):
    models = tmp_path / "models"
    add(gguf, models)
    gguf.write_bytes(GGUF + b"other")

    with pytest.raises(ModelError, match="déjà pris"):
        add(gguf, models)
    assert sha256_of(models / "mon-mod-le-q4.gguf") == hashlib.sha256(GGUF).hexdigest()


def test_a_file_that_the_manifest_knows_by_its_hash_becomes_that_model(tmp_path, gguf):
    """So a machine without any network is served from a disk."""
    models = tmp_path / "models"
    models.mkdir()
    (models / "manifest.toml").write_text(
        f'[[models]]\nname = "official"\nkind = "language"\nlicence = "MIT"\nupstream = "u"\n'
        f'path = "official.gguf"\nbytes = {len(GGUF)}\n'
        f'sha256 = "{hashlib.sha256(GGUF).hexdigest()}"\n',
        encoding="utf-8",
    )

    assert add(gguf, models).name == "official"
    assert (models / "official.gguf").read_bytes() == GGUF
    assert not (models / "local.toml").exists()


def test_a_file_that_only_pretends_to_be_a_model_is_refused(tmp_path):
    fake = tmp_path / "fake.gguf"
    fake.write_bytes(b"PK\x03\x04" + GGUF)
    with pytest.raises(ModelError, match="GGUF"):
        add(fake, tmp_path / "models")
    assert not list((tmp_path / "models").glob("*.gguf"))


@pytest.mark.parametrize(
    "modules",
    [
        '[{"path": "", "type": "os.system"}]',
        '[{"path": "../..", "type": "sentence_transformers.models.Pooling"}]',
        '{"path": 1}',
        "not json",
    ],
)
def test_a_folder_that_would_run_code_or_reach_elsewhere_is_refused(tmp_path, modules):
    folder = plain_folder(tmp_path / "folder")
    (folder / "modules.json").write_text(modules, encoding="utf-8")
    with pytest.raises(ModelError):
        add(folder, tmp_path / "models")
    assert not (tmp_path / "models" / "folder").exists()


@given(position=st.integers(min_value=0, max_value=len(GGUF) - 1), bit=st.integers(0, 7))
def test_verify_finds_any_flipped_bit(tmp_path_factory, position, bit):
    folder = tmp_path_factory.mktemp("flip")
    source = folder / "m.gguf"
    source.write_bytes(GGUF)
    model = add(source, folder / "models")
    damaged = bytearray(GGUF)
    damaged[position] ^= 1 << bit
    path_of(model, folder / "models").write_bytes(damaged)

    with pytest.raises(ModelCorrupt):
        verify(model, folder / "models")
    with pytest.raises(ModelCorrupt):
        ensure_verified(model, folder / "models")


def test_a_start_reads_the_receipt_and_a_verification_reads_the_bytes(tmp_path, gguf):
    models = tmp_path / "models"
    model = add(gguf, models)
    path = path_of(model, models)
    before = path.stat()
    path.write_bytes(b"x" * len(GGUF))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # size and time unchanged

    ensure_verified(model, models)  # the receipt is all that a start looks at
    with pytest.raises(ModelCorrupt):
        verify(model, models)
    with pytest.raises(ModelCorrupt):  # and what verify found stays known
        ensure_verified(model, models)


def test_a_damaged_receipt_only_costs_a_hash(tmp_path, gguf):
    models = tmp_path / "models"
    model = add(gguf, models)
    receipt_path(path_of(model, models)).write_text('["not ours"]', encoding="utf-8")

    assert ensure_verified(model, models) == path_of(model, models)


def test_the_hash_of_a_folder_depends_on_names_and_bytes_and_not_on_its_export(tmp_path):
    folder = plain_folder(tmp_path / "folder")
    before = sha256_of(folder)

    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(b"export")
    assert sha256_of(folder) == before

    (folder / "config.json").rename(folder / "config2.json")
    assert sha256_of(folder) != before
