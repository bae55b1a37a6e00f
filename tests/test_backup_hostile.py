"""Archives that are damaged or hostile: refused, named, and nothing of them is put in place."""

import gzip
import json
import tarfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.backup import ArchiveRefused, BackupError, back_up, check, restore
from assistant.backup.manifest import MANIFEST, SEAL, has_a_place, seal_of
from tests.backups import announced, entries_of, entry, filled, write

NOTE = "corpus/notes/note-00.md"


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bonne")
    return back_up(filled(folder / "ws", documents=2, answers=1), folder / "bonne.tar").archive


def refused(archive, tmp_path):
    """The refusal; the target, and everything beside it, is as it was."""
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ArchiveRefused) as caught:
        restore(archive, tmp_path / "retour")
    assert sorted(tmp_path.rglob("*")) == before
    assert caught.value.remedy.fr and caught.value.remedy.en
    return caught.value


HOSTILE_NAMES = (
    "../evil", "/etc/evil", "corpus/../../evil", "corpus/a/../../evil", "corpus/./a", "corpus//a",
    "corpus/", "corpus", "index/../evil", "index/prefix/evil", "index/generations/00000001/lease",
    "index/audit/lock", "index/audit/2026-11.jsonl.bak", "models/evil.gguf", "evil.py",
    "assistant.toml/x", ".git/hooks/post-checkout", "",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_outside_the_workspace_is_refused_even_when_it_is_announced(good, tmp_path, name):
    archive = write(tmp_path / "x.tar", announced(entries_of(good), entry(name, b"evil")))

    assert refused(archive, tmp_path)


LINKS = {
    "symbolic link": {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
    "hard link": {"type": tarfile.LNKTYPE, "linkname": "assistant.toml"},
    "character device": {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3},
    "block device": {"type": tarfile.BLKTYPE, "devmajor": 8, "devminor": 0},
    "pipe": {"type": tarfile.FIFOTYPE},
    "folder": {"type": tarfile.DIRTYPE},
    "contiguous file": {"type": tarfile.CONTTYPE},
    "unknown type": {"type": b"Z"},
}


@pytest.mark.parametrize("kind", LINKS)
def test_what_is_no_plain_file_is_refused_by_name(good, tmp_path, kind):
    archive = write(
        tmp_path / "x.tar", announced(entries_of(good), entry("corpus/evil", **LINKS[kind]))
    )

    assert "corpus/evil" in refused(archive, tmp_path).member


def test_a_link_that_a_later_file_would_go_through_is_refused(good, tmp_path):
    link = entry("corpus/notes", type=tarfile.SYMTYPE, linkname=str(tmp_path))
    archive = write(tmp_path / "x.tar", [link, *entries_of(good)])

    refused(archive, tmp_path)
    assert not (tmp_path / "note-00.md").exists()


def test_a_sparse_file_of_terabytes_is_refused(good, tmp_path):
    sparse = entry("corpus/trou", b"1\n0\n0\n".ljust(512, b"\0"))
    sparse[0].pax_headers = {
        "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "corpus/trou",
        "GNU.sparse.realsize": str(10**13),
    }  # fmt: skip

    refused(write(tmp_path / "x.tar", [*entries_of(good), sparse]), tmp_path)


def test_a_header_of_a_gigabyte_is_not_even_read(good, tmp_path):
    archive = tmp_path / "x.tar.gz"
    header = tarfile.TarInfo("././@PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 1 << 30
    with gzip.open(archive, "wb", compresslevel=1) as out:
        out.write(header.tobuf(tarfile.USTAR_FORMAT))
        for _ in range(64):
            out.write(bytes(1 << 20))

    refused(archive, tmp_path)


def test_headers_upon_headers_are_refused(tmp_path):
    header = tarfile.TarInfo("././@PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 0
    (tmp_path / "x.tar").write_bytes(header.tobuf(tarfile.USTAR_FORMAT) * 5000)

    refused(tmp_path / "x.tar", tmp_path)


def changed(entries, name, content):
    return [(info, content if info.name == name else old) for info, old in entries]


def resized(entries):
    out = []
    for info, content in entries:
        info.size = len(content)
        out.append((info, content))
    return out


def longer(entries):
    return resized(changed(entries, NOTE, b"x" * 1_000_000))


def shorter(entries):
    return resized(changed(entries, NOTE, b"x"))


def same_size(entries):
    old = next(content for info, content in entries if info.name == NOTE)
    return changed(entries, NOTE, bytes(len(old)))


def without(name):
    return lambda entries: [e for e in entries if e[0].name != name]


def twice(entries):
    return [next(e for e in entries if e[0].name == NOTE), *entries]


def unannounced(entries):
    return [entry("corpus/notes/en-plus.md", b"texte"), *entries]


def after(entries):
    return [*entries, entry("corpus/notes/en-plus.md", b"texte")]


def manifest_first(entries):
    last = [e for e in entries if e[0].name in (MANIFEST, SEAL)]
    return [*last, *(e for e in entries if e[0].name not in (MANIFEST, SEAL))]


def other_manifest(raw):
    def forge(entries):
        return resized(changed(changed(entries, MANIFEST, raw), SEAL, seal_of(raw)))

    return forge


def manifest_edited(entries):
    raw = next(content for info, content in entries if info.name == MANIFEST)
    return changed(entries, MANIFEST, raw.replace(b'"records":2', b'"records":1'))


FORGED = {
    "a file longer than announced": (longer, NOTE),
    "a file shorter than announced": (shorter, NOTE),
    "other bytes of the same length": (same_size, NOTE),
    "a file missing": (without(NOTE), NOTE),
    "the head of the log missing": (without("index/audit/head.json"), "head.json"),
    "a file twice": (twice, NOTE),
    "a file that is not announced": (unannounced, "en-plus.md"),
    "a file after the end": (after, "en-plus.md"),
    "the manifest first": (manifest_first, ""),
    "no manifest": (without(MANIFEST), ""),
    "no seal": (without(SEAL), ""),
    "an edited manifest": (manifest_edited, MANIFEST),
    "a manifest that is no JSON": (other_manifest(b"{"), MANIFEST),
    "a manifest that is a list": (other_manifest(b"[]"), MANIFEST),
    "a later format": (other_manifest(json.dumps({"format": 9}).encode()), "MANIFEST"),
    "deep JSON": (other_manifest(b"[" * 100_000), MANIFEST),
}


@pytest.mark.parametrize("what", FORGED)
def test_an_archive_that_is_not_what_it_says_is_refused_by_name(good, tmp_path, what):
    forge, named = FORGED[what]

    assert named in str(refused(write(tmp_path / "x.tar", forge(entries_of(good))), tmp_path))


CLASHES = {
    "a file where a folder is": ("corpus/a/b", "corpus/a"),
    "a folder where a file is": ("corpus/a", "corpus/a/b"),
}


@pytest.mark.parametrize("what", CLASHES)
def test_names_that_clash_are_refused_and_nothing_is_left(good, tmp_path, what):
    more = [entry(name, b"x") for name in CLASHES[what]]

    refused(write(tmp_path / "x.tar", announced(entries_of(good), *more)), tmp_path)


def test_a_name_too_long_for_the_disk_leaves_nothing(good, tmp_path):
    archive = write(
        tmp_path / "x.tar", announced(entries_of(good), entry(f"corpus/{'a' * 300}", b"x"))
    )
    with pytest.raises(BackupError):
        restore(archive, tmp_path / "retour")
    assert [path.name for path in tmp_path.iterdir()] == ["x.tar"]


def test_settings_that_are_not_for_this_version_leave_nothing(good, tmp_path):
    entries = resized(changed(entries_of(good), "assistant.toml", b"demain = 1\n"))
    archive = write(tmp_path / "x.tar", announced(entries))
    from assistant.errors import SettingsError

    with pytest.raises(SettingsError):
        restore(archive, tmp_path / "retour")
    assert [path.name for path in tmp_path.iterdir()] == ["x.tar"]


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.97])
@pytest.mark.parametrize("compressed", [False, True])
def test_a_truncated_archive_is_refused(good, tmp_path, share, compressed):
    raw = good.read_bytes()
    raw = gzip.compress(raw, 1) if compressed else raw
    archive = tmp_path / "x.tar"
    archive.write_bytes(raw[: int(len(raw) * share)])

    refused(archive, tmp_path)


@pytest.mark.parametrize("tail", [b"x", bytes(4 << 20), b"\0" * 512 + b"evil"])
def test_what_follows_the_end_is_refused(good, tmp_path, tail):
    archive = tmp_path / "x.tar"
    archive.write_bytes(good.read_bytes() + tail)

    refused(archive, tmp_path)


@pytest.mark.parametrize("raw", [b"PK\x03\x04", b"SQLite format 3\0" * 100, gzip.compress(b"a")])
def test_another_kind_of_file_is_refused(tmp_path, raw):
    (tmp_path / "x.tar").write_bytes(raw)

    refused(tmp_path / "x.tar", tmp_path)


def test_an_archive_that_is_not_there_is_said(tmp_path):
    with pytest.raises(BackupError):
        check(tmp_path / "absente.tar")
    with pytest.raises(BackupError):
        check(tmp_path)


QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUIET
@given(where=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255), packed=st.booleans())
def test_one_changed_byte_anywhere_is_refused_or_changes_nothing(
    good, tmp_path, where, flip, packed
):
    raw = gzip.compress(good.read_bytes(), 1) if packed else good.read_bytes()
    at = int(where * len(raw))
    damaged = tmp_path / "x.tar"
    damaged.write_bytes(raw[:at] + bytes([raw[at] ^ flip]) + raw[at + 1 :])

    try:
        found = check(damaged)
    except BackupError:
        return
    assert found == check(good)


@given(st.lists(st.sampled_from(["corpus", "index", "audit", "..", ".", "", "a", "\0", "é"])))
def test_a_name_that_has_a_place_stays_below_the_workspace(parts):
    import posixpath

    name = "/".join(parts)
    if has_a_place(name):
        assert posixpath.normpath(f"/ws/{name}") == f"/ws/{name}"
