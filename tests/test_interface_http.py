"""The served interface as a stranger meets it: logging in, Gradio's routes, headers, sizes."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from assistant.accounts import Role
from tests.served import (
    FORM,
    OUTSIDERS,
    PASSWORD,
    Client,
    House,
    NotStarted,
    accounts_of,
    add_user,
    served,
    shared_house,
)
from tests.workspaces import make_workspace, run

pytestmark = pytest.mark.embedding

# Of the routes of the installed Gradio, those that its page needs; any other, known today or
# new in an upgrade, is nowhere.
NEEDED = {
    "/",
    "/config",
    "/config/",
    "/theme.css",
    "/manifest.json",
    "/favicon.ico",
    "/robots.txt",
    "/assets/{path:path}",
    "/static/{path:path}",
    "/gradio_api/queue/join",
    "/gradio_api/queue/data",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    "/gradio_api/reset/",
    "/gradio_api/heartbeat/{session_hash}",
    "/gradio_api/startup-events",
    "/gradio_api/app_id",
    "/gradio_api/app_id/",
    "/gradio_api/upload",
    "/gradio_api/upload_progress",
    "/gradio_api/theme.css",
    "/gradio_api/info",
    "/gradio_api/info/",
}
WRITTEN_BESIDE_THE_ROUTER = {  # by middlewares and by FastAPI itself
    ("GET", "/docs"),
    ("GET", "/redoc"),
    ("GET", "/openapi.json"),
    ("GET", "/gradio_api/mcp/sse"),
    ("GET", "/gradio_api/mcp/schema"),
    ("POST", "/gradio_api/mcp/messages/"),
    ("GET", "/login/huggingface"),
    ("GET", "/__debug__"),
    ("GET", "/monitoring/x"),
    ("GET", "/_app/version.json"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/file=/etc/passwd"),
    ("GET", "/gradio_api/proxy=http://127.0.0.1:1/"),
}
SECURITY = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
}


@pytest.fixture(scope="module")
def home(request, tmp_path_factory):
    found = shared_house(request.config, tmp_path_factory.getbasetemp())
    yield found
    assert not found.egress.exists(), found.egress.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A server without accounts, and its workspace."""
    folder = make_workspace(tmp_path_factory.mktemp("local") / "ws", documents=0)
    settings = folder / "assistant.toml"
    settings.write_text(f'{settings.read_text()}\n[models]\nlanguage = "aucun"\n')
    with served(folder) as port:
        yield folder, port
    assert not (folder / "index" / "egress.log").exists()


# --- without accounts ----------------------------------------------------------------


def test_without_accounts_the_page_says_that_only_this_machine_reaches_it(local):
    _, port = local
    client = Client(port)
    page = client.page()
    greeting = next(e for e in page.events if any(on == "load" for _, on in e["targets"]))

    assert client.get("/fr/", Accept="text/html").status == 200
    assert "Sans comptes : accessible de cette machine seulement" in client.fire(greeting, []).shown


def test_without_accounts_no_other_address_of_this_machine_answers(local):
    _, port = local
    own = [
        address.address
        for found in psutil.net_if_addrs().values()
        for address in found
        if address.family is socket.AF_INET and not address.address.startswith("127.")
    ]
    for address in own:
        with pytest.raises(OSError), socket.create_connection((address, port), timeout=2):
            pass


def test_without_accounts_another_address_is_refused_with_the_remedy(local):
    folder, _ = local

    done = run(folder, "serve", "--port", "0", "--host", "0.0.0.0", expect=3)

    said = done.stdout + done.stderr
    assert "Aucun compte n’existe : l’interface n’écoute pas sur « 0.0.0.0 »." in said
    assert "assistant users add" in said


def test_behind_a_proxy_nobody_is_let_in_without_an_account(tmp_path):
    """Whoever comes through a proxy of this machine does not sit at this machine."""
    folder = make_workspace(tmp_path / "ws", documents=0)
    settings = folder / "assistant.toml"
    settings.write_text(
        f'{settings.read_text()}\n[models]\nlanguage = "aucun"\n\n'
        '[access]\nhost_names = ["assistant.region.fr"]\ntrusted_proxy = "127.0.0.1"\n'
    )
    try:
        with served(folder) as port:
            assert Client(port).get("/fr/config", Host="assistant.region.fr").status == 401
    except NotStarted as refused:
        assert "assistant users add" in str(refused)


def test_the_first_account_ends_free_access_at_once_and_the_last_one_removed_brings_it_back(local):
    folder, port = local
    stranger = Client(port)
    assert stranger.get("/fr/config").status == 200

    add_user(folder, "zoe", "agent")
    assert stranger.get("/fr/config").status == 401

    accounts = accounts_of(folder)
    accounts.remove("zoe")
    accounts.close()
    assert stranger.get("/fr/config").status == 200


# --- logging in and out ---------------------------------------------------------------


def test_nothing_is_served_without_a_session_but_the_login_page_and_its_style(home):
    stranger = home.browser()

    for path in ("/", "/fr/", "/en/", "/fr", "/page.png?document=x", "/extraits.docx"):
        sent_on = stranger.get(path, Accept="text/html")
        assert (sent_on.status, sent_on.headers["location"].split("?")[0]) == (303, "/connexion")
        assert stranger.get(path).status == 401
    for path in (
        "/fr/config",
        "/fr/theme.css",
        "/fr/assets/index.js",
        "/fr/gradio_api/info",
        "/fr/gradio_api/queue/data?session_hash=x",
        "/fr/gradio_api/heartbeat/x",
        "/page.pdf",
        "/extraits.md",
        "/bilan.json",
    ):
        assert stranger.get(path).status == 401, path
    for path in ("queue/join", "cancel", "reset", "upload"):
        assert stranger.post_json(f"/fr/gradio_api/{path}", {"data": []}).status == 401, path
    assert stranger.get("/connexion").status == 200
    assert stranger.get("/page.css").headers["content-type"].startswith("text/css")


def test_a_wrong_password_an_unknown_name_and_a_disabled_account_are_told_alike(home):
    add_user(home.folder, "desactive", "agent")
    with home.opened() as workspace:
        workspace.accounts.change("desactive", active=False)
    said = []
    for number, (name, password) in enumerate(
        (("aline", "pas le bon mot"), ("inconnue", PASSWORD), ("desactive", PASSWORD))
    ):
        refused = home.browser(origin=f"127.0.1.{number + 1}").log_in(name, password)
        assert refused.status == 403
        assert not refused.cookies
        said.append(refused.text.replace(f'value="{name}"', 'value=""'))

    assert said[0] == said[1] == said[2]
    assert "Identifiant" in said[0]


def test_what_was_typed_never_becomes_markup_and_the_password_is_not_sent_back(home):
    hostile = '"><script>alert(1)</script>'
    refused = home.browser(origin="127.0.1.9").log_in(hostile, "un secret bien gardé")

    assert "<script" not in refused.text
    assert "&lt;script&gt;" in refused.text
    assert "secret bien" not in refused.text


def test_after_five_wrong_passwords_even_the_right_one_must_wait(home):
    add_user(home.folder, "thomas", "agent")
    attacker = home.browser(origin="127.0.2.1")
    for _ in range(5):
        assert attacker.log_in("thomas", "mauvais mot de passe").status == 403

    refused = attacker.log_in("thomas")
    assert refused.status == 403
    assert not refused.cookies
    assert "Attendez" in refused.text or "attendre" in refused.text.casefold()
    assert home.browser(origin="127.0.2.2").log_in("thomas").status == 403  # from anywhere
    assert attacker.log_in("aline").status == 403  # whomever it tries
    assert home.browser(origin="127.0.2.3").log_in("aline").status == 303  # others are not held


def test_an_address_that_a_client_gives_itself_throttles_nobody_and_frees_nobody(home):
    attacker = home.browser(origin="127.0.2.9")
    statuses = []
    for number in range(7):
        form = f"nom=personne{number}&mot_de_passe=mauvais".encode()
        answered = attacker.send(
            "POST", "/connexion", form, Content_Type=FORM, X_Forwarded_For=f"10.0.0.{number}"
        )
        statuses.append("Attendez" in answered.text or "attendre" in answered.text.casefold())

    assert statuses[-1]


def test_the_cookie_is_for_the_server_alone(home):
    entered = home.browser(origin="127.0.3.1").log_in("aline")
    (cookie,) = entered.cookies
    name, *flags = (part.strip().casefold() for part in cookie.split(";"))

    assert re.fullmatch(r"assistant_session=[\w-]{43}", name)
    assert {"httponly", "samesite=strict", "path=/"} <= set(flags)
    assert not any(flag.startswith("domain") for flag in flags)
    assert entered.headers["location"] == "/fr/"


def test_a_session_that_was_given_beforehand_is_not_the_one_that_is_opened(home):
    fixed = home.browser(origin="127.0.3.2")
    fixed.cookie = f"assistant_session={'a' * 43}"

    fixed.log_in("aline")

    assert fixed.cookie != f"assistant_session={'a' * 43}"
    assert fixed.get("/fr/config").status == 200


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/en.evil", "javascript:alert(1)", "/en/"]
)
def test_after_the_login_one_is_on_a_page_of_ours(home, wanted):
    form = f"nom=aline&mot_de_passe={PASSWORD}&vers={wanted}".encode()
    entered = home.browser(origin="127.0.3.3").send("POST", "/connexion", form, Content_Type=FORM)

    assert entered.headers["location"] in ("/fr/", "/en/")


def test_logging_out_ends_the_session_on_the_server(home):
    client = home.browser(origin="127.0.3.4")
    client.log_in("aline")
    assert client.get("/deconnexion").status == 405  # a link or an image logs nobody out
    assert client.get("/fr/config").status == 200

    left = client.send("POST", "/deconnexion", b"")

    assert left.status == 303
    assert client.get("/fr/config").status == 401  # the cookie is still sent
    assert client.fire({"id": 0}, []).status == 401


@pytest.mark.parametrize("column", ["ends", "seen"])
def test_a_session_ends_by_itself_at_its_hour_and_when_it_is_not_used(home, column):
    client = home.browser(origin="127.0.3.5")
    user = add_user(home.folder, f"expire-{column}", "agent")
    client.log_in(f"expire-{column}")
    assert client.get("/fr/config").status == 200

    lasting = {"ends": 480 * 60 + 1, "seen": 60 * 60 + 1}[column]  # the settings' defaults
    with closing(sqlite3.connect(home.folder / "index" / "accounts.sqlite3", timeout=30)) as db, db:
        db.execute(
            f"UPDATE sessions SET {column} = {column} - ? WHERE user_id = ?", (lasting, user)
        )

    assert client.get("/fr/config").status == 401


@pytest.mark.parametrize("what", ["role", "groups", "active", "password", "removed"])
def test_any_change_of_an_account_ends_its_sessions_at_once(home, what):
    name = f"change-{what}"
    add_user(home.folder, name, "evaluator", "drh")
    client = home.browser(origin="127.0.3.6")
    client.log_in(name)
    assert client.get("/fr/config").status == 200

    with home.opened() as workspace:
        accounts = workspace.accounts
        {
            "role": lambda: accounts.change(name, role=Role.AGENT),
            "groups": lambda: accounts.change(name, groups=()),
            "active": lambda: accounts.change(name, active=False),
            "password": lambda: accounts.change_password(
                name, "une autre phrase tout aussi longue"
            ),
            "removed": lambda: accounts.remove(name),
        }[what]()

    assert client.get("/fr/config").status == 401
    assert client.fire({"id": 0}, []).status == 401


# --- Gradio's own routes --------------------------------------------------------------


def routes() -> list[tuple[str, str]]:
    """Method and path of every route in the source of the installed Gradio."""
    spec = importlib.util.find_spec("gradio")
    assert spec is not None and spec.submodule_search_locations is not None
    source = Path(spec.submodule_search_locations[0], "routes.py").read_text(encoding="utf-8")
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner, method = ast.unparse(node.func.value), node.func.attr.upper()
        if (
            owner not in ("app", "router")
            or not node.args
            or method
            not in (
                *(
                    "GET",
                    "POST",
                    "HEAD",
                    "PUT",
                    "DELETE",
                    "PATCH",
                    "WEBSOCKET",
                    "API_ROUTE",
                    "MOUNT",
                ),
                *("ADD_API_ROUTE", "ADD_ROUTE", "ROUTE"),
            )
        ):
            continue
        path = ast.unparse(node.args[0]).strip("f'\"")
        if path.startswith(("/", "{")):
            prefix = "/gradio_api" if owner == "router" else ""
            known = ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH")
            found.add((method if method in known else "GET", f"{prefix}/{path.lstrip('/')}"))
    return sorted(found | WRITTEN_BESIDE_THE_ROUTER)


def test_the_list_of_gradios_routes_is_not_empty():
    found = {path for _, path in routes()}

    assert len(found) > 60
    assert found >= NEEDED


@pytest.mark.parametrize("who", ["agnes", "ada", "local"])
def test_gradios_routes_that_the_page_does_not_need_are_nowhere(home, local, who):
    client = Client(local[1]) if who == "local" else home.browser(who)
    for method, template in routes():
        if template in NEEDED:
            continue
        path = re.sub(r"\{[^}]*\}", "x", template)
        for language in ("/fr", ""):
            body = b"{}" if method == "POST" else None
            answered = client.send(
                method, f"{language}{path}", body, Content_Type="application/json"
            )
            assert answered.status == 404, (method, language, path)


def test_gradios_routes_that_the_page_needs_are_there(home):
    client = home.browser("agnes")
    for path in ("/fr/", "/fr/config", "/fr/theme.css", "/fr/gradio_api/app_id", "/en/"):
        assert client.get(path).status == 200, path
    page = client.get("/fr/").text
    assets = re.findall(r'(?:src|href)="\.?/?(assets/[^"]+)"', page)
    assert assets
    assert client.get(f"/fr/{assets[0]}").status == 200


CLIMBING = (
    "..%2f..%2f..%2f..%2f..%2fetc/passwd",
    "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "../../../../etc/passwd",
    "..%5c..%5cetc%5cpasswd",
    "%252e%252e/%252e%252e/etc/passwd",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "....//....//etc/passwd",
    "..;/..;/etc/passwd",
    "x%00.js",
    "%00",
    "x%0a.js",
    "~root",
    "C:%5cWindows%5cwin.ini",
    "gradio_api%2ffile=%2fetc%2fpasswd",
    ".",
    "",
)


@pytest.mark.parametrize("who", ["ada"])
@pytest.mark.parametrize(
    "route", ["/fr/assets/", "/fr/static/", "/extraits.", "/fr/gradio_api/heartbeat/", "/", "/fr/"]
)
def test_no_path_reaches_a_file(home, who, route):
    client = home.browser(who)
    secret = (home.folder / "assistant.toml").as_posix()
    for climbing in (*CLIMBING, secret, secret.replace("/", "%2f"), f"..{secret}"):
        if route in ("/", "/fr/") and climbing in ("", "."):
            continue  # the page itself
        answered = client.get(f"{route}{climbing}")
        assert answered.status in (400, 403, 404), (route, climbing, answered.status)
        assert "root:" not in answered.text
        assert "restricted" not in answered.text


# --- another person's Gradio session ----------------------------------------------------


def test_another_persons_gradio_session_is_refused_everywhere(home):
    denis, agnes = home.browser("denis"), home.browser("agnes")
    assert denis.fire(denis.page().events[0], ["prime", None, True, *[""] * 6]).done
    agnes.join(0, [])
    own, agnes.session = agnes.session, denis.session

    for path in (
        f"queue/data?session_hash={denis.session}",
        f"queue/data/?session_hash={denis.session}",
        f"queue/data?session_hash={own}&session_hash={denis.session}",
        f"queue/data?session_hash={denis.session}&session_hash={own}",
        f"heartbeat/{denis.session}",
        f"heartbeat/{denis.session}/",
        f"heartbeat/{denis.session}?session_hash={own}",
    ):
        for language in ("fr", "en"):
            assert agnes.status(f"/{language}/gradio_api/{path}") == 403, path
    assert agnes.join(0, []).status == 403
    cancel = {"session_hash": denis.session, "fn_index": 0, "event_id": "x"}
    assert agnes.post_json("/fr/gradio_api/cancel", cancel).status == 403
    twice = f'{{"session_hash": "{own}", "session_hash": "{denis.session}", "data": []}}'
    assert agnes.post_json("/fr/gradio_api/queue/join", twice.encode()).status == 403
    wide = json.dumps(cancel).encode("utf-16")
    assert agnes.post_json("/fr/gradio_api/cancel", wide).status == 403
    assert denis.fire(denis.page().events[0], ["prime", None, True, *[""] * 6]).done


@pytest.mark.parametrize(
    "said",
    [
        {"data": []},
        {"data": [], "session_hash": None},
        {"data": [], "session_hash": 7},
        {"data": [], "session_hash": ["x"]},
        {"data": {}, "session_hash": "x"},
        {"data": [], "session_hash": "x", "fn_index": 10_000},
        {"data": [], "session_hash": "x", "fn_index": -1},
        {"data": [], "session_hash": "x", "api_name": "once"},
        [],
        "x",
        b"",
        b"\x00",
        b"[" * 100_000,
        b"\xff\xfe{",
    ],
)
def test_an_event_that_is_none_is_refused_without_a_word_of_the_inside(home, said):
    answered = home.browser("agnes").post_json("/fr/gradio_api/queue/join", said)

    assert answered.status in (400, 404, 422, 500), answered.status
    assert set(answered.headers) >= SECURITY
    assert "Traceback" not in answered.text
    assert str(home.folder) not in answered.text


# --- sizes, names, origins ----------------------------------------------------------------


def test_a_body_larger_than_any_event_is_refused(home):
    client = home.browser("agnes")
    body = json.dumps({"session_hash": client.session, "data": ["x" * 1_000_001]}).encode()

    assert client.post_json("/fr/gradio_api/queue/join", body).status == 413


def test_a_login_form_of_any_size_is_only_a_wrong_one(home):
    for number, form in enumerate((b"nom=" + b"a" * 20_000, b"a=1&" * 100, b"\xff\x00=%zz", b"")):
        stranger = home.browser(origin=f"127.0.4.{number + 1}")
        answered = stranger.send("POST", "/connexion", form, Content_Type=FORM)
        assert answered.status == 403, form[:20]


def test_a_foreign_name_is_refused_before_anything_is_served(home):
    for host in ("evil.example", f"evil.example:{home.port}", "[::1", "x@127.0.0.1", "½"):
        for path in ("/", "/connexion", "/fr/config", "/page.css"):
            assert home.browser("agnes").get(path, Host=host).status == 421, host
    assert home.browser().get("/connexion", Host=f"localhost:{home.port}").status == 200


def test_a_foreign_page_neither_acts_nor_reads(home):
    client = home.browser("agnes")
    event = {"session_hash": client.session, "data": [], "fn_index": 0}
    for origin in ("http://evil.example", "null", f"http://localhost:{home.port}", "http://[::1"):
        for path in ("/connexion", "/deconnexion"):
            assert client.send("POST", path, b"", Origin=origin).status == 403
        assert client.post_json("/fr/gradio_api/queue/join", event, Origin=origin).status == 403
    for origin in ("http://evil.example", "http://127.0.0.1:8080", "http://localhost:8080", "null"):
        for path in ("/fr/config", "/extraits.md", "/bilan.json", "/fr/gradio_api/app_id"):
            answered = client.get(path, Origin=origin)
            assert answered.status == 403
            assert not any(name.startswith("access-control") for name in answered.headers)
    crossing = client.send("POST", "/deconnexion", b"", Sec_Fetch_Site="cross-site")
    assert crossing.status == 403
    assert client.get("/fr/config").status == 200  # still logged in


def test_a_name_that_a_proxy_would_give_changes_no_page_of_anybody_else(home):
    client = home.browser("agnes")
    for name in ("X_Forwarded_Host", "X_Gradio_Server", "Forwarded", "X_Original_Url"):
        client.get("/fr/config", **{name: "evil.example"})
        client.get("/fr/", **{name: "evil.example"})

    assert "evil.example" not in client.get("/fr/").text
    assert "evil.example" not in home.browser("remi").get("/fr/config").text


def test_no_websocket_is_opened(home):
    client = home.browser("agnes")
    for path in ("/fr/", "/fr/gradio_api/queue/join", "/fr/queue/join", "/ws"):
        answered = client.get(
            path,
            Connection="Upgrade",
            Upgrade="websocket",
            Sec_WebSocket_Version="13",
            Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==",
        )
        assert answered.status == 403, path


# --- uploads --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["agnes", "remi", "eve"])
def test_only_an_administrator_uploads(home, who):
    before = home.kept()
    client = home.browser(who)

    assert client.upload("note.md", b"# Note").status == 403
    assert client.get("/fr/gradio_api/upload_progress?upload_id=x").status == 403
    assert home.kept() == before


@pytest.mark.parametrize("name", ["../../../x.md", "/etc/x.md", "..\\..\\x.md", "a/../../b.md"])
def test_an_upload_lands_among_the_uploads_whatever_its_name(home, name):
    answered = home.browser("ada").upload(name, b"# Note")

    assert answered.status == 200
    (path,) = json.loads(answered.body)
    folder = (home.folder / "index" / "uploads").resolve()
    assert folder in Path(path).resolve().parents
    assert folder.stat().st_mode & 0o077 == 0
    Path(path).unlink()


def test_nobody_has_the_server_read_its_own_files_or_fetch_an_address(home):
    corpus = home.folder / "corpus"
    secret = next((corpus).glob("*/zorglub-primes.md"))
    before = home.kept()
    for who in OUTSIDERS:
        client = home.browser(who)
        page = client.page()
        for elem_id, place in (("deposit", 0), ("send", 0), ("search-send", 0)):
            event = page.event(elem_id, "click")
            for file in (
                secret,
                "/etc/passwd",
                home.folder / "assistant.toml",
                home.folder / "index" / "accounts.sqlite3",
                "http://10.1.2.3/x.md",
                "http://example.org/x.md",
                f"http://127.0.0.1:{home.port}/page.css",
            ):
                named: Any = {"path": str(file), "meta": {"_type": "gradio.FileData"}}
                for data in (named, [named]):
                    values = page.values(event)
                    values[place] = data
                    assert client.fire(event, values).status == 403, (who, elem_id, file)
    assert home.kept() == before
    assert not home.egress.exists()


# --- headers ---------------------------------------------------------------------------------


def test_every_response_carries_the_security_headers(home):
    stranger, agnes, ada = home.browser(), home.browser("agnes"), home.browser("ada")
    said = [
        stranger.get("/connexion"),
        stranger.get("/page.css"),
        stranger.get("/fr/"),
        stranger.get("/fr/", Accept="text/html"),
        stranger.get("/nowhere"),
        stranger.get("/connexion", Host="evil.example"),
        stranger.get("/connexion", Host="[::1"),
        stranger.send("POST", "/connexion", b"", Origin="http://evil.example"),
        agnes.get("/fr"),
        agnes.get("/fr/"),
        agnes.get("/fr/config"),
        agnes.get("/fr/static/nowhere"),
        agnes.get("/fr/gradio_api/info"),
        agnes.get("/favicon.ico"),
        agnes.get("/page.png?document=x&page=1"),
        agnes.get("/page.pdf?document=x"),
        agnes.send("PUT", "/fr/", b""),
        agnes.send("OPTIONS", "/fr/gradio_api/queue/join"),
        agnes.post_json("/fr/gradio_api/queue/join", b"x" * 1_100_000),
        agnes.post_json("/fr/gradio_api/queue/join", b"["),
        agnes.join(0, []),
        agnes.get(f"/fr/gradio_api/queue/data?session_hash={agnes.session}"),
        ada.get("/extraits.docx"),
    ]
    for answered in said:
        assert set(answered.headers) >= SECURITY, (answered.status, answered.text[:80])
        assert "server" not in answered.headers
        policy = answered.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"https?:|\*", policy)


def test_no_session_is_ever_told_in_an_address_or_in_a_page(home: House):
    client = home.browser("agnes")
    token = client.cookie.partition("=")[2]
    client.get("/fr/")
    client.get("/fr/config")
    client.fire(client.page().events[0], ["prime", None, True, *[""] * 6])
    client.get("/")

    for answered in client.seen:
        assert token not in answered.text
        assert token not in str(answered.headers)
    log = home.folder.with_name(f"{home.folder.name}-serve.log").read_text(encoding="utf-8")
    assert token not in log
    assert PASSWORD not in log
