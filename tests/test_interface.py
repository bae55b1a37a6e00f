"""The interface renders records, escapes everything, and serves on loopback only what it should."""

import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from assistant.answering import AnswerReady
from assistant.records import Answer, Citation, Claim, Disagreement, Tokens, Verdict
from tests.conftest import REPOSITORY, evidence
from tests.workspaces import command, make_workspace
from ui import render

HOSTILE = "<script>alert(1)</script>\u202e\"'&<img src=x onerror=y>"


def ready(
    *, answered: bool, verdict: Verdict = Verdict.SUPPORTED, disagreeing: bool = False
) -> AnswerReady:
    source = evidence(f"Le fait {HOSTILE}", title=HOSTILE)
    citation = Citation(
        passage=source.passage, document=source.document, quote=source.text, start=0, end=9
    )
    disagreement = Disagreement(cited=citation, other=citation, note=HOSTILE)
    claim = Claim(text=HOSTILE, verdict=verdict, reason=HOSTILE, citations=(citation, citation))
    return AnswerReady(
        answer=Answer(
            answered=answered,
            reason=HOSTILE,
            claims=(claim,),
            evidence=(source,),
            disagreements=(disagreement,) if disagreeing else (),
            suggestion=HOSTILE,
        ),
        question=HOSTILE,
        record="r1",
        model=HOSTILE,
        model_sha256=None,
        tokens=Tokens(),
        seconds={"total": 1.0},
    )


@pytest.mark.parametrize(
    "html",
    [
        render.answer(ready(answered=True, disagreeing=True)),
        render.answer(ready(answered=False)),
        render.evidence_list(ready(answered=True).answer.evidence),
        render.banner(HOSTILE, HOSTILE),
    ],
)
def test_hostile_text_never_becomes_markup(html):
    assert "<script" not in html and "<img" not in html and "\u202e" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r"<[^>]*onerror[^>]*>", html)


def test_an_abstention_never_looks_like_an_answer():
    assert 'class="answer answered"' in render.answer(ready(answered=True))
    abstained = render.answer(ready(answered=False))
    assert 'class="answer abstained"' in abstained
    assert "Pas de réponse dans les documents" in abstained


def test_an_unsupported_claim_says_so_in_words():
    html = render.answer(ready(answered=False, verdict=Verdict.UNSUPPORTED))

    assert "non étayé" in html


def test_documents_that_disagree_are_both_shown():
    html = render.answer(ready(answered=True, disagreeing=True))

    assert "Les documents ne s’accordent pas" in html
    assert html.count("<blockquote>") == 2


def test_the_same_citation_twice_is_one_source():
    assert render.answer(ready(answered=True)).count("<blockquote>") == 1


def wait_for(address: str) -> str:
    """The page, once the server answers."""
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as page:
                return page.read().decode("utf-8")
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "the interface did not start"
            time.sleep(0.5)


def test_the_page_is_served_on_loopback_and_files_of_the_workspace_are_not(tmp_path):
    folder = make_workspace(tmp_path / "ws", documents=1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        command(folder, "serve", "--port", str(port)),
        env=environment,
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            assert "Assistant documentaire" in wait_for(f"{address}/")
            for path in (folder / "assistant.toml", folder / "corpus" / "notes" / "note-00.md"):
                with pytest.raises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(f"{address}/gradio_api/file={path}", timeout=30)
                assert refused.value.code in (403, 404)
                refused.value.close()
        finally:
            server.terminate()
    assert not (folder / "index" / "egress.log").exists(), "the interface tried to leave"
