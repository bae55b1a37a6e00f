from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import SettingsError, WorkspaceNotFound
from assistant.processor import physical_cores
from assistant.settings import (
    Settings,
    commented_toml,
    load_settings,
    write_default,
)
from assistant.wording import speak

ROOT = Path(__file__).resolve().parents[1]


def workspace(folder: Path, toml: str | bytes) -> Path:
    raw = toml.encode() if isinstance(toml, str) else toml
    (folder / "assistant.toml").write_bytes(raw)
    return folder


def refusal(folder: Path, toml: str | bytes) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load_settings(workspace(folder, toml))
    return caught.value


def test_an_empty_file_is_a_valid_one(tmp_path: Path) -> None:
    settings = load_settings(workspace(tmp_path, ""))

    assert settings == Settings(workspace=tmp_path)
    assert settings.answer.evidence_tokens == 350
    assert settings.network.allowed_hosts == ()


def test_the_file_of_the_repository_is_the_one_that_init_writes(tmp_path: Path) -> None:
    written = write_default(tmp_path)

    assert written.read_text(encoding="utf-8") == (ROOT / "assistant.toml").read_text(
        encoding="utf-8"
    )
    assert load_settings(tmp_path) == Settings(workspace=tmp_path)


def test_every_key_that_init_writes_carries_a_comment(tmp_path: Path) -> None:
    lines = write_default(tmp_path).read_text(encoding="utf-8").splitlines()

    assert all("  # " in line for line in lines if " = " in line)


def test_init_can_share_the_models_of_another_workspace(tmp_path: Path) -> None:
    models = tmp_path / 'modèles "partagés" \\ \x7f'
    write_default(tmp_path, models)

    assert load_settings(tmp_path).models_folder == models


def test_init_never_overwrites_settings(tmp_path: Path) -> None:
    workspace(tmp_path, 'language = "en"')

    with pytest.raises(SettingsError):
        write_default(tmp_path)
    assert load_settings(tmp_path).language == "en"


def test_folders_are_absolute_whatever_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace(tmp_path, '[paths]\ncorpus = "fonds"\nindex = "/srv/index"')
    monkeypatch.chdir(tmp_path.parent)

    settings = load_settings(Path(tmp_path.name))

    assert settings.corpus_folder == tmp_path / "fonds"
    assert settings.models_folder == tmp_path / "models"
    assert settings.index_folder == Path("/srv/index")


def test_a_folder_without_settings_is_not_a_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFound):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("toml", "key", "expected"),
    [
        ('language = "de"', "language", "'fr' or 'en'"),
        ("[retrieval]\ntop = 0", "retrieval.top", "au moins 1"),
        ('[retrieval]\ntop = "10"', "retrieval.top", "un nombre entier"),
        ("[retrieval]\ntop = true", "retrieval.top", "un nombre entier"),
        ("[retrieval]\ntop = 2.5", "retrieval.top", "un nombre entier"),
        ("[retrieval]\ndense_weight = 1.5", "retrieval.dense_weight", "au plus 1"),
        ("[retrieval]\ndense_weight = nan", "retrieval.dense_weight", "un nombre fini"),
        ('[models]\nlanguage = "../../etc/passwd"', "models.language", "manifeste"),
        ('[models]\nembedding_engine = "api"', "models.embedding_engine", "onnx"),
        ('[retrieval]\nvector_store = "chroma:8000"', "retrieval.vector_store", "http://hôte"),
        ('[retrieval]\nvector_store = "ftp://localhost"', "retrieval.vector_store", "http://hôte"),
        ('[retrieval]\nvector_store = "http://localhost/x"', "retrieval.vector_store", "chemin"),
        ('[retrieval]\nvector_store = "http://localhost:0"', "retrieval.vector_store", "port"),
        ('[retrieval]\nvector_store = "http://localhost:99999"', "retrieval.vector_store", "port"),
        (
            '[retrieval]\nvector_store = "http://a.example"',
            "retrieval.vector_store",
            "allowed_hosts",
        ),
        ("[retrieval]\nvector_store = 8000", "retrieval.vector_store", "texte"),
        ('[paths]\ncorpus = ""', "paths.corpus", "non vide"),
        ("[paths]\ncorpus = 3", "paths.corpus", "texte"),
        ("paths = 3", "paths", "une section [paths]"),
        ('[network]\nallowed_hosts = "modele"', "network.allowed_hosts", "liste"),
        ('[network]\nallowed_hosts = ["http://modele:80"]', "network.allowed_hosts.0", "http"),
        ('[network]\nallowed_hosts = ["*"]', "network.allowed_hosts.0", "hôte"),
        ("[network]\nallowed_hosts = [3]", "network.allowed_hosts.0", "texte"),
        ("[answer]\nseed = -1", "answer.seed", "au moins 0"),
        ("[passages]\nmax_words = 100", "passages.max_words", "au moins 150"),
        ("[retrieval]\ntop = 60", "retrieval.candidates", "au moins 60"),
        ("[access]\nsession_minutes = 0", "access.session_minutes", "au moins 5"),
        ("[access]\nrestricted = 3", "access.restricted", "groupes"),
        ('[access]\nrestricted = { rh = "drh" }', "access.restricted.rh", "liste de groupes"),
        ("[access]\nrestricted = { rh = [3] }", "access.restricted.rh", "liste de groupes"),
        ('[access]\nrestricted = { rh = ["d r h"] }', "access.restricted.rh", "liste de groupes"),
        ('[access]\nrestricted = { "" = ["drh"] }', "access.restricted", "collection"),
        ('[access.restricted]\n"r\\nh" = ["drh"]', "access.restricted", "collection"),
        ('[access.restricted]\n"é" = []\n"e\u0301" = []', "access.restricted", "collection"),
        ("[audit]\nkeep_answers_months = -1", "audit.keep_answers_months", "au moins 0"),
        ("[audit]\nkeep_reviews_months = 1.5", "audit.keep_reviews_months", "un nombre entier"),
        ("[answer]\nevidence_tokens = 2000", "answer.context_tokens", "au moins 2160"),
    ],
)
def test_a_bad_value_is_refused_with_its_key_and_what_is_expected(
    tmp_path: Path, toml: str, key: str, expected: str
) -> None:
    error = refusal(tmp_path, toml)

    assert f"« {key} »" in str(error)
    assert expected in str(error.remedy)


@pytest.mark.parametrize(
    ("toml", "key", "suggestion"),
    [
        ("[retrieval]\ntopp = 3", "retrieval.topp", "top"),
        ("[retreival]\ntop = 3", "retreival", "retrieval"),
        ("[network]\nallowed_host = []", "network.allowed_host", "allowed_hosts"),
        ('workspace = "/elsewhere"', "workspace", "language"),
    ],
)
def test_a_misspelt_key_is_refused_with_the_nearest_one(
    tmp_path: Path, toml: str, key: str, suggestion: str
) -> None:
    error = refusal(tmp_path, toml)

    assert f"« {key} »" in str(error)
    assert suggestion in str(error.remedy)


@pytest.mark.parametrize("toml", ["language = ", b'language = "\xe9"', b"#" * 1_000_001])
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, toml: str | bytes) -> None:
    assert "assistant.toml" in str(refusal(tmp_path, toml))


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    folder = workspace(tmp_path, b'\xef\xbb\xbflanguage = "en"\r\n')

    assert load_settings(folder).language == "en"


def test_refusals_are_bilingual(tmp_path: Path) -> None:
    error = refusal(tmp_path, "[retrieval]\ntopp = 3")
    speak("en")
    try:
        assert "is unknown" in str(error)
        assert str(error.remedy).startswith("Possible keys here: ")
    finally:
        speak("fr")


def test_allowed_hosts_have_one_spelling(tmp_path: Path) -> None:
    toml = '[network]\nallowed_hosts = ["Modele.Region.Example.", "[2001:DB8::1]", "10.1.2.3"]'

    hosts = load_settings(workspace(tmp_path, toml)).network.allowed_hosts

    assert hosts == ("modele.region.example", "2001:db8::1", "10.1.2.3")


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "https://localhost", "http://[::1]:8000/", ""]
)
def test_a_vector_server_on_this_machine_needs_no_permission(tmp_path: Path, address: str) -> None:
    toml = f'[retrieval]\nvector_store = "{address}"'

    assert load_settings(workspace(tmp_path, toml)).retrieval.vector_store == address


def test_a_vector_server_elsewhere_must_be_an_allowed_host(tmp_path: Path) -> None:
    toml = '[retrieval]\nvector_store = "https://Vecteurs.Region.Example:8443"\n'
    allowed = '[network]\nallowed_hosts = ["vecteurs.region.example"]\n'

    assert load_settings(workspace(tmp_path, toml + allowed)).retrieval.vector_store
    assert "allowed_hosts" in str(refusal(tmp_path, toml).remedy)


def test_a_password_in_the_address_of_a_server_is_refused_and_never_repeated(
    tmp_path: Path,
) -> None:
    error = refusal(tmp_path, '[retrieval]\nvector_store = "http://lea:s3cret@localhost:8000"')

    assert "retrieval.vector_store" in str(error)
    assert "s3cret" not in f"{error} {error.remedy} {error.__cause__}"


def test_a_restricted_collection_is_hidden_from_all_but_its_groups(tmp_path: Path) -> None:
    toml = '[access]\nrestricted = { rh = ["DRH", "dg"], "Aide sociale" = [], paie = ["drh"] }'

    access = load_settings(workspace(tmp_path, toml)).access

    assert access.hidden_from(frozenset()) == {"rh", "Aide sociale", "paie"}
    assert access.hidden_from(frozenset({"autre"})) == {"rh", "Aide sociale", "paie"}
    assert access.hidden_from(frozenset({"drh"})) == {"Aide sociale"}
    assert access.hidden_from(frozenset({"dg", "autre"})) == {"Aide sociale", "paie"}
    assert load_settings(workspace(tmp_path, "")).access.hidden_from(frozenset()) == frozenset()


def test_a_restricted_collection_is_spelt_as_the_catalogue_spells_it(tmp_path: Path) -> None:
    toml = '[access.restricted]\n" Démocratie  locale" = ["ＤＲＨ"]'
    access = load_settings(workspace(tmp_path, unicodedata.normalize("NFD", toml))).access

    assert access.restricted == {"Démocratie locale": ("drh",)}


def test_settings_cannot_change_after_they_were_read(tmp_path: Path) -> None:
    settings = load_settings(workspace(tmp_path, ""))

    with pytest.raises(ValidationError):
        settings.answer.seed = 3


def test_zero_threads_means_the_physical_cores(tmp_path: Path) -> None:
    assert load_settings(workspace(tmp_path, "")).answer.thread_count == physical_cores() >= 1
    assert load_settings(workspace(tmp_path, "[answer]\nthreads = 3")).answer.thread_count == 3


def test_what_is_written_is_read_back_whole(tmp_path: Path) -> None:
    toml = (
        '[network]\nallowed_hosts = ["modele.region.example"]\n[answer]\nseed = 7\ntemperature = 0\n'
        '[access]\nrestricted = { rh = ["drh", "dg"], "Débats \\"clos\\" \\\\" = [] }'
    )
    settings = load_settings(workspace(tmp_path, toml))

    workspace(tmp_path, commented_toml(settings))

    assert load_settings(tmp_path) == settings
    assert tomllib.loads(commented_toml(settings))["answer"]["seed"] == 7
    assert load_settings(tmp_path).access.restricted == {
        "rh": ("drh", "dg"), 'Débats "clos" \\': ()
    }  # fmt: skip
