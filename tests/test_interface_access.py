"""What each role may do is decided on the server; and what is another person's stays theirs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.served import RESERVED, Client, Heard, House, shared_house

pytestmark = pytest.mark.embedding

TABS = {
    "agnes": {"ask"},
    "remi": {"ask", "excerpts"},
    "eve": {"ask", "excerpts", "audit", "review"},
    "ada": {"ask", "excerpts", "corpus"},
}
REFUSED = "Votre rôle ne permet pas cela"
PRESSES = [  # what the page's buttons say, with things that exist
    {"act": "withdraw", "item": "notes/note-00.md"},
    {"act": "set-aside", "item": "notes/note-00.md"},
    {"act": "readmit", "item": "notes/note-00.md"},
    {"act": "again", "item": "notes/note-00.md"},
    {"act": "take", "item": "0"},
    {"act": "take-all", "item": "0"},
    {"act": "clear", "item": ""},
    {"act": "restore", "item": ""},
    {"act": "keep", "item": ""},
    {"act": "literal", "item": ""},
    {"act": "judge", "item": "x"},
    {"act": "say", "item": "x|x|0|0|supported", "value": "note"},
    {"act": "settle", "item": "x|x|0|0|supported", "value": "note"},
]


@pytest.fixture(scope="module")
def home(request, tmp_path_factory):
    found = shared_house(request.config, tmp_path_factory.getbasetemp())
    yield found
    assert not found.egress.exists(), found.egress.read_text(encoding="utf-8")


def asked(client: Client, text: str, *within: str) -> Heard:
    """Ask by the page, for the extracts alone."""
    event = client.page().event("send", "click")
    values = client.page().values(event)
    values[0], values[2] = text, True
    values[3 : 3 + len(within)] = within
    return client.fire(event, values)


def pressed(client: Client, elem_id: str, act: str, item: str = "", value: str = "") -> Heard:
    """Press a button of a rendered area; what every listener of it answers."""
    page = client.page()
    listening = [
        e
        for e in page.events
        if any(
            on == "select" and page.components[n]["props"].get("elem_id") == elem_id
            for n, on in e["targets"]
            if n in page.components
        )
    ]
    heard = [
        client.fire(event, page.values(event), {"act": act, "item": item, "value": value})
        for event in listening
    ]
    return Heard(
        status=max(h.status for h in heard),
        messages=tuple(m for h in heard for m in h.messages),
        text="".join(h.text for h in heard),
    )


def told(heard: Heard) -> list[tuple[object, object]]:
    """What came back, without what differs at every call."""
    return [
        (
            m.get("success"),
            (m.get("output") or {}).get("data", (m.get("output") or {}).get("error")),
        )
        for m in heard.messages
        if m["msg"] in ("process_completed", "process_generating")
    ]


# --- roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_event_belongs_to_one_tab(home, language):
    client = home.browser("agnes")
    client.language = language
    page = client.page()

    assert all(len(page.tabs_of(e)) < 2 for e in page.events)
    assert set().union(*map(page.tabs_of, page.events)) == set().union(*TABS.values())
    # of no tab: the greeting, and what only tells the browser to give up
    assert [e for e in page.events if e["backend_fn"] and not page.tabs_of(e)] == [greeting(page)]
    # what is not queued has no way in: no route of Gradio's runs it
    assert all(e["queue"] for e in page.events if e["backend_fn"])


def greeting(page: Any) -> dict[str, Any]:
    return next(e for e in page.events if any(on == "load" for _, on in e["targets"]))


@pytest.mark.parametrize("name", TABS)
def test_each_role_is_shown_its_tabs(home, name):
    client = home.browser(name)
    page = client.page()
    event = greeting(page)

    heard = client.fire(event, [])

    data = heard.messages[-2]["output"]["data"]
    shown = {
        page.components[number]["props"]["id"]
        for number, given in zip(event["outputs"], data, strict=True)
        if isinstance(given, dict) and given.get("visible")
    }
    assert shown | {"ask"} == TABS[name]


@pytest.mark.parametrize(("name", "language"), [*((name, "fr") for name in TABS), ("agnes", "en")])
def test_the_server_refuses_every_event_of_a_tab_that_a_role_may_not_use(home, name, language):
    client = home.browser(name)
    client.language = language
    page = client.page()
    refused = {"fr": REFUSED, "en": "Your role does not allow this"}[language]
    before = home.kept()
    fired = 0
    for event in page.events:
        if not event["backend_fn"] or page.tabs_of(event) <= TABS[name]:
            continue
        pressed_in = language == "fr" and any(on == "select" for _, on in event["targets"])
        for said in (None, *(PRESSES if pressed_in else ())):
            heard = client.fire(event, page.values(event), said)
            assert not heard.done, (event["id"], said)
            assert refused in heard.error, (event["id"], said, heard.text)
            fired += 1

    assert fired >= 9
    assert home.kept() == before


@pytest.mark.parametrize("name", TABS)
def test_no_event_of_a_tab_that_a_role_may_use_is_refused(home, name):
    client = home.browser(name)
    page = client.page()
    for event in page.events:
        if page.tabs_of(event) <= TABS[name]:
            assert REFUSED not in client.fire(event, page.values(event)).text, event["id"]


def test_data_of_any_shape_does_not_pass_the_check_of_a_role(home):
    client = home.browser("agnes")
    page = client.page()
    before = home.kept()
    for event in page.events:
        if not event["backend_fn"] or page.tabs_of(event) <= TABS["agnes"]:
            continue
        values = page.values(event)
        for data, more in (
            ([], {}),
            ([*values, "more"], {}),
            ([{}] * len(values), {}),
            ([values], {"batched": True}),
            (values, {"event_id": "x", "oauth_token": "x", "trigger_id": 0, "simple_format": True}),
        ):
            assert not client.fire(event, data, **more).done, (event["id"], data, more)
    assert home.kept() == before


def test_an_event_without_a_function_does_nothing(home):
    client = home.browser("agnes")
    page = client.page()
    for event in page.events:
        if not event["backend_fn"]:
            assert not client.fire(event, []).done


def test_a_page_and_a_picture_are_for_those_who_may(home):
    public = _public_pdf(home)
    where = f"document={public}&start=0&end=20"
    for name in TABS:
        client = home.browser(name)
        assert client.get(f"/page.png?document={public}&page=1").status == 200, name
        wanted = 403 if name == "agnes" else 200
        assert client.get(f"/page.pdf?{where}").status == wanted, name
        assert client.get("/extraits.docx").status in ((403,) if name == "agnes" else (200, 404))
        for report in ("/bilan.html", "/bilan.json"):
            assert client.get(report).status == (200 if name == "eve" else 403), name


def test_an_agent_who_presses_what_only_a_rapporteur_sees_keeps_nothing(home):
    client = home.browser("agnes")
    asked(client, "Combien de maisons de services la région compte-t-elle ?")
    pressed(client, "evidence", "evidence", "1")
    before = home.kept()["desks"]

    pressed(client, "source", "keep")

    assert home.kept()["desks"] == before


# --- another person's things ----------------------------------------------------------------


def test_another_persons_answer_is_reread_by_nobody_else(home):
    with home.opened() as workspace:
        theirs = workspace.desk.history(home.people["denis"])[0][0]
    made_up = theirs[:-4] + "zzzz"
    for name in ("aline", "rose", "eve", "ada", "edith"):
        client = home.browser(name)
        given = told(pressed(client, "history", "reread", theirs))
        assert given == told(pressed(client, "history", "reread", made_up)), name
        assert "n’est pas dans votre historique" in str(given)
        for item in ("", "last", theirs[:5], f"{theirs} ", f"../{theirs}", "%", "*"):
            assert told(pressed(client, "history", "reread", item)) == given, item


def test_ones_own_answer_is_reread(home):
    denis = home.browser("denis")

    heard = pressed(denis, "history", "reread", home.records["prime"])

    assert heard.done
    assert 'class="answer answered"' in heard.shown.replace('\\"', '"')


def test_another_persons_history_is_not_seen_nor_erased(home):
    rose = home.browser("rose")
    asked(rose, "Combien de signalements le centre a-t-il traités ?")
    before = [row for row in home.kept()["desks"] if home.people["rose"] not in row]

    drawn = pressed(rose, "history", "forget-history")

    assert drawn.done
    with home.opened() as workspace:
        assert workspace.desk.history(home.people["rose"]) == ()
        assert workspace.desk.history(home.people["denis"])
    assert [row for row in home.kept()["desks"] if home.people["rose"] not in row] == before


def test_an_answer_is_disputed_only_by_who_was_given_it(home):
    theirs = home.records["prime"]
    aline = home.browser("aline")
    page = aline.page()
    event = page.event("answer", "select")
    forged = {"asked": "x", "evidence": [], "ready": {"record": theirs, "answer": {"claims": []}}}
    for state in (None, forged, theirs, json.dumps(forged)):
        for item in ("quote", "beside", theirs, "<b>"):
            aline.fire(event, [state], {"act": "dispute", "item": item, "record": theirs})

    with home.opened() as workspace:
        payload = workspace.audit.show(theirs)["payload"]
    assert not any(name.startswith("dispute") for name in payload)


def test_a_reader_disputes_their_own_answer_by_a_known_reason_only(home):
    aline = home.browser("aline")
    asked(aline, "Combien d’inscrits compte la plateforme de covoiturage ?")
    with home.opened() as workspace:
        own = workspace.desk.history(home.people["aline"], 1)[0][0]

    pressed(aline, "answer", "dispute", "<script>")
    with home.opened() as workspace:
        assert not any(k.startswith("dispute") for k in workspace.audit.show(own)["payload"])

    assert pressed(aline, "answer", "dispute", "beside").done
    with home.opened() as workspace:
        payload = workspace.audit.show(own)["payload"]
    assert payload[f"dispute {home.people['aline']}"]["why"] == "beside"


def test_another_persons_basket_is_not_reached_by_its_ids(home):
    before = home.basket("denis")
    theirs = before[0].excerpt_id
    for name in ("rose", "eve", "ada"):
        client = home.browser(name)
        for act in ("note", "up", "down", "put-back", "open-kept", "clear", "restore"):
            for value in ("", "écrit par une autre"):
                given = told(pressed(client, "basket", act, theirs, value))
                assert given == told(pressed(client, "basket", act, "0" * 16, value)), (name, act)
    assert home.basket("denis") == before


def test_an_export_is_of_ones_own_basket_whatever_the_address_says(home):
    theirs = home.people["denis"]
    ids = "&".join(f"{key}={theirs}" for key in ("user", "user_id", "person", "u", "nom"))
    edith, denis = home.browser("edith"), home.browser("denis")
    for suffix in ("docx", "odt", "md"):
        assert edith.get(f"/extraits.{suffix}?{ids}").status == 404
        assert denis.get(f"/extraits.{suffix}").status == 200
        assert home.browser().get(f"/extraits.{suffix}").status == 401
    for suffix in ("pdf", "DOCX", "docx/", "docx.md", "", "%2fetc%2fpasswd"):
        assert denis.get(f"/extraits.{suffix}").status == 404


def test_the_title_of_an_export_is_text_and_the_name_of_its_file_is_ours(home):
    denis = home.browser("denis")
    for title in ("a%22%3B%20filename%3D%22x.exe", "a%0d%0aSet-Cookie:%20x=y", "..%2f..%2fetc"):
        answered = denis.get(f"/extraits.md?titre={title}")
        assert answered.status == 200
        disposition = answered.headers["content-disposition"]
        assert re.fullmatch(r'attachment; filename="[\w. ()’-]+\.md"', disposition), disposition
        assert "set-cookie" not in answered.headers


def test_two_people_on_one_machine_do_not_see_each_others_page(home):
    """Gradio keeps a page's state by session: each has their own evidence and sources."""
    rose, denis = home.browser("rose"), home.browser("denis")
    asked(denis, "Combien de signalements le centre a-t-il traités ?")

    opened = pressed(rose, "evidence", "evidence", "1")

    assert "signalements" not in opened.shown
    assert "signalements" in pressed(denis, "evidence", "evidence", "1").shown


def _public_pdf(home: House) -> str:
    with home.opened() as workspace:
        stored = workspace.catalogue.documents(workspace.catalogue.generation)
    return next(
        s.document.document_id
        for s in stored
        if s.document.format == "pdf" and s.document.collection != RESERVED
    )
