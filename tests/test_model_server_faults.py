"""Whatever a language model's server does, a person is told what and what to do, in time."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.errors import ModelServerError, SettingsError
from assistant.language_model import Message, Prompt, ReplyLimits
from assistant.settings import load_settings
from tests.conftest import REPOSITORY
from tests.language_servers import (
    chunk,
    free_port,
    heard,
    one_word,
    scripted_server,
)

PROMPT = Prompt(fixed=(Message("system", "Réponds."),), user="1. Le budget.\n\nQuestion : lequel ?")
LIMITS = ReplyLimits(evidence=2, claims=2, tokens=40)
TOKEN = "jeton-tres-secret-4711"


def replied(server, **settings) -> str:
    pieces, _ = heard(server.model(**settings).reply(PROMPT, LIMITS))
    return "".join(pieces)


def failure(server, **settings) -> ModelServerError:
    with pytest.raises(ModelServerError) as caught:
        replied(server, **settings)
    error = caught.value
    assert error.message.fr and error.message.en and error.remedy.fr and error.remedy.en
    assert server.address in error.message.fr, "the message names the server"
    return error


def test_a_server_that_is_not_there_is_named_after_bounded_attempts():
    from assistant.language_model.served import served_model
    from assistant.settings_sections import LanguageServerSettings

    address = f"http://127.0.0.1:{free_port()}/v1"
    model = served_model(address, LanguageServerSettings(retries=1))
    began = time.monotonic()

    with pytest.raises(ModelServerError) as caught:
        heard(model.reply(PROMPT, LIMITS))

    assert f"{address} (connexion refusée)" in caught.value.message.fr
    assert "assistant doctor" in caught.value.remedy.fr
    assert 0.4 < time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, b'{"error": {"message": "plus de memoire"}}', "plus de memoire"),
        (404, b'{"detail": "Not Found"}', "404"),
        (400, b'{"error": "context size exceeded"}', "context size exceeded"),
        (418, b"<html>theiere</html>", "418"),
        (500, b"[" * 3000, "500"),
        (204, b"", "204"),
    ],
)
def test_an_http_error_is_told_with_its_number_and_the_servers_words(status, body, said):
    with scripted_server(lambda asked: asked.send(status, body)) as server:
        error = failure(server)

    assert said in error.message.fr and str(status) in error.message.fr
    assert error.status == status
    assert len(server.chats) <= 2, "once with and once without what the server may not know"


def test_a_redirection_is_not_followed():
    elsewhere = []

    def send_away(asked):
        elsewhere.append(asked.path)
        asked.send(307, b"", Location="http://127.0.0.1:9/v1/chat/completions")

    with scripted_server(send_away) as server:
        assert "redirection" in failure(server).remedy.fr
    assert elsewhere == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text/html", b"<html>Connexion au portail</html>"),
        ("application/json", b"{"),
        ("application/json", b"[1, 2]"),
        ("application/json", b'{"a": "' + b"x" * 2_000_000 + b'"}'),
        ("text/event-stream", b"data: {oops\n\n"),
        ("text/event-stream", b"data: " + b"[" * 100_000 + b"\n\n"),
        ("text/event-stream", b"data: \xff\xfe\n\n"),
        ("text/event-stream", b"data: " + b"x" * 2_000_000),
    ],
    ids=["page", "half JSON", "no object", "huge", "bad chunk", "nested", "bytes", "endless line"],
)
def test_garbage_is_called_by_its_name_and_is_no_answer(kind, said):
    with scripted_server(lambda asked: asked.send(200, said, kind)) as server:
        error = failure(server)

    assert "autre chose qu’une réponse" in error.message.fr
    assert len(server.chats) == 1, "garbage is not asked for again"


@pytest.mark.parametrize("end", ["closed", "done"])
def test_a_reply_that_breaks_off_is_an_error_and_is_not_asked_again(end):
    def die(asked):
        asked.stream("[1] Le budget", " est", end=None)
        if end == "done":  # llama_cpp.server does so when somebody else asks
            asked.write(b"data: [DONE]\n\n")

    with scripted_server(die) as server:
        error = failure(server)

    assert "interrompu" in error.message.fr and "--interrupt_requests false" in error.remedy.fr
    assert len(server.chats) == 1


def test_an_error_told_in_the_middle_of_a_stream_is_told():
    def fail(asked):
        asked.stream("[1] Le", end=None)
        asked.write(b'data: {"error": {"message": "GPU perdu"}}\n\n')

    with scripted_server(fail) as server:
        assert "GPU perdu" in failure(server).message.fr


def test_a_busy_server_is_asked_again_before_the_first_token_only_so_often():
    def busy(asked):
        if len(server.chats) < 2:
            asked.send(503, b'{"error": {"message": "Loading model"}}')
        else:
            asked.stream("[1] Le budget.")

    with scripted_server(busy) as server:
        assert replied(server) == "[1] Le budget."
    with scripted_server(lambda asked: asked.send(503, b"{}")) as server:
        failure(server, retries=2)
        assert len(server.chats) == 3


def test_nobody_waits_for_ever_for_the_first_token_nor_for_the_next():
    gone = threading.Event()

    def only_signs_of_life(asked):
        asked.begin()
        while not gone.wait(0.05):
            asked.write(b": ping\n\n" + chunk(""))

    def stall(asked):
        asked.stream("[1] Le", end=None)
        gone.wait(10)

    began = time.monotonic()
    with scripted_server(only_signs_of_life) as server:
        assert "first_token_s" in failure(server, first_token_s=0.5).remedy.fr
    with scripted_server(stall) as server:
        assert "between_tokens_s" in failure(server, between_tokens_s=0.5).remedy.fr
    gone.set()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("when", ["before a header", "between tokens"])
def test_leaving_closes_the_connection_at_once(when):
    seen = []
    done = threading.Event()

    def wait(asked):
        if when == "between tokens":
            asked.stream("[1] Le", end=None)
        seen.append(asked.left(5.0))
        done.set()

    with scripted_server(wait) as server:
        reply = server.model().reply(PROMPT, LIMITS)
        while when == "between tokens" and not next(reply):
            pass
        while not server.chats:
            next(reply)
        next(reply)
        began = time.monotonic()
        reply.close()
        took = time.monotonic() - began
        assert done.wait(5) and seen == [True]

    assert took < 1
    assert not [t for t in threading.enumerate() if t.name == "language server"]


def test_a_server_that_never_ends_is_left_when_the_reply_is_as_long_as_it_may_be():
    seen = []

    def ramble(asked):
        asked.begin()
        asked.write(chunk("[1] "))
        while not seen:
            try:
                asked.write(chunk("encore "))
            except OSError:
                seen.append("left")

    with scripted_server(ramble) as server:
        said = replied(server)
        deadline = time.monotonic() + 5
        while not seen and time.monotonic() < deadline:
            time.sleep(0.02)

    assert said.startswith("[1] encore") and len(said) <= 40 * 16
    assert seen == ["left"]


def test_a_server_without_streaming_is_understood():
    whole = b'{"choices":[{"message":{"content":"[2] Oui.\\n[1] Non."},"finish_reason":"stop"}]}'

    with scripted_server(lambda asked: asked.send(200, whole)) as server:
        assert replied(server) == "[2] Oui.\n[1] Non."


def test_a_server_that_refuses_what_is_not_openais_is_asked_without_it_from_then_on():
    def strict(asked):
        if "grammar" in asked.body:
            asked.send(400, b'{"error": {"message": "unknown field grammar"}}')
        else:
            asked.stream("[1] Le budget.")

    with scripted_server(strict) as server:
        model = server.model()
        for _ in range(2):
            assert heard(model.reply(PROMPT, LIMITS))[0] == ["[1] Le budget."]

    assert ["grammar" in one.body for one in server.chats] == [True, False, False]


def test_numbers_that_do_not_exist_never_come_out_of_a_server_without_a_grammar():
    with scripted_server(lambda asked: asked.stream("[7] Le", " budget.\n", "Une autre [2].")) as s:
        assert replied(s).split("\n") == [" Le budget.", "[2] Une autre."]


def test_the_margin_of_oui_is_read_from_the_log_probabilities_of_the_first_word():
    words = iter([(("oui", -0.1), ("non", -2.6)), (("Non", -0.2), (" oui", -4.2)), (("La", -0.1),)])

    with scripted_server(lambda asked: asked.send(200, one_word(*next(words)))) as server:
        judged, tokens = heard(server.model().judge(PROMPT, ["a", "b", "c"]))

    assert [round(one.margin, 3) for one in judged] == [2.5, -4.0, 0.0]
    assert all(one.state is None for one in judged)
    assert tokens.prompt == tokens.prefilled == 270
    assert server.chats[0].body["top_logprobs"] == 20 and server.chats[0].body["max_tokens"] == 1


@pytest.mark.parametrize("how", ["left out", "refused"])
def test_a_server_without_log_probabilities_judges_nothing_and_is_not_asked_each_time(how):
    def without(asked):
        if how == "refused" and "logprobs" in asked.body:
            asked.send(500, b'{"error": {"message": "logprobs is not supported"}}')
        else:
            asked.send(200, one_word())

    with scripted_server(without) as server:
        model = server.model()
        for _ in range(2):
            assert heard(model.judge(PROMPT, ["a", "b"]))[0] == []

    assert len(server.chats) == 2, "one request a question, or two the first time only"


def test_a_server_that_fails_while_it_judges_is_not_taken_for_one_that_cannot_judge():
    with (
        scripted_server(lambda asked: asked.send(500, b"{}")) as server,
        pytest.raises(ModelServerError),
    ):
        heard(server.model().judge(PROMPT, ["a"]))


def test_the_model_of_the_settings_is_asked_for_and_must_be_offered():
    with scripted_server(lambda a: a.stream("[1] Ok."), ("petit", "grand")) as server:
        model = server.model(model="grand")
        heard(model.reply(PROMPT, LIMITS))
        assert model.name == "grand" and server.chats[0].body["model"] == "grand"
        assert "petit, grand" in failure(server, model="moyen").message.fr


def test_a_path_on_the_server_is_not_recorded_as_a_name():
    with scripted_server(lambda a: a.stream("[1] Ok."), ("/srv/poids/un.gguf",)) as server:
        model = server.model()
        heard(model.reply(PROMPT, LIMITS))

    assert model.name == "un.gguf" and server.chats[0].body["model"] == "/srv/poids/un.gguf"


def test_the_token_comes_from_the_environment_and_is_in_no_message(monkeypatch):
    def guarded(asked):
        known = asked.headers.get("Authorization") == f"Bearer {TOKEN}"
        status = 400 if known else 401
        asked.send(status, f'{{"error": "bad key {TOKEN}"}}'.encode())

    with scripted_server(guarded) as server:
        monkeypatch.setenv("JETON_MODELE", TOKEN)
        known = failure(server, token_variable="JETON_MODELE")
        monkeypatch.setenv("JETON_MODELE", "autre")
        wrong = failure(server, token_variable="JETON_MODELE")
        monkeypatch.delenv("JETON_MODELE")
        with pytest.raises(ModelServerError, match="JETON_MODELE"):
            replied(server, token_variable="JETON_MODELE")

    assert known.status == 400 and wrong.status == 401
    assert TOKEN not in str(known.args) + str(wrong.args)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://modele.region.example:8080/v1", "allowed_hosts"),
        ("http://agent:motdepasse@127.0.0.1:8080/v1", "sans nom ni mot de passe"),
        ("ftp://agent:motdepasse@127.0.0.1/v1", "serveur"),
        ("http://127.0.0.1:8080/v1?cle=1", "http://hôte:port/v1"),
        ("http://127.0.0.1:99999/v1", "http://hôte:port/v1"),
        ("http://127.0.0.1:8080/../v1", "http://hôte:port/v1"),
    ],
)
def test_an_address_that_may_not_be_used_stops_the_program(tmp_path: Path, address, expected):
    (tmp_path / "assistant.toml").write_text(f'[models]\nlanguage = "{address}"\n')

    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)

    assert expected in caught.value.remedy.fr and "models.language" in caught.value.message.fr
    assert "motdepasse" not in str(caught.value.args)


def test_an_allowed_host_or_this_machine_may_serve_the_model(tmp_path: Path):
    settings = tmp_path / "assistant.toml"
    settings.write_text('[models]\nlanguage = "http://LocalHost:8080/"\n')
    assert load_settings(tmp_path).language_address == "http://localhost:8080/v1"
    settings.write_text(
        '[models]\nlanguage = "https://Modele.Region.example/llm/v1/"\n'
        '[network]\nallowed_hosts = ["modele.region.example"]\n'
    )
    assert load_settings(tmp_path).language_address == "https://modele.region.example/llm/v1"


def test_the_network_guard_refuses_a_host_that_is_not_allowed_and_says_so():
    code = (
        "from assistant import egress; egress.install()\n"
        "from assistant.language_model.served import served_model\n"
        "from assistant.settings_sections import LanguageServerSettings\n"
        "from assistant.errors import EgressRefused\n"
        "for host in ('192.0.2.1:9', 'modele.invalid'):\n"
        "    try:\n"
        "        list(served_model(f'http://{host}/v1', LanguageServerSettings()).models())\n"
        "    except EgressRefused as error:\n"
        "        print(error.message.fr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=dict(os.environ),
        check=True,
    )
    assert "192.0.2.1" in done.stdout and "modele.invalid" in done.stdout, done.stderr
