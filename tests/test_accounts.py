"""Accounts: who gets in, who is kept out and for how long, and what a change ends."""

from __future__ import annotations

import multiprocessing
import os
import re
import sqlite3
import tempfile
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.accounts import LOCAL_USER, Accounts, Right, Role, throttle
from assistant.accounts.names import accepted_name, folded
from assistant.accounts.password_rules import check_password
from assistant.accounts.schema import STEPS
from assistant.errors import (
    AccountsUnreadable,
    AssistantError,
    LoginRefused,
    NameRefused,
    PasswordRefused,
    TooManyAttempts,
    UserNotFound,
)
from assistant.settings_access import AccessSettings
from assistant.sqlite_file import SqliteFile

PASSWORD = "girafe tuile mardi cobalt"
OTHER = "cinq autres mots bien choisis"
LASTS = AccessSettings()
MINUTE = 60.0


def cheap() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    def __init__(self) -> None:
        self.now = 1_770_000_000.0

    def __call__(self) -> float:
        return self.now


class Counting(PasswordHasher):
    """The real one, which counts what it is asked, and may be interrupted."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=16, parallelism=1)
        self.verified: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.verified.append(str(hash))
        done, self.meanwhile = self.meanwhile, lambda: None
        done()
        return bool(super().verify(hash, password))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / "accounts.sqlite3"


@pytest.fixture
def accounts(path: Path, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts(path, clock=clock, hasher=cheap())
    opened.add("Zoé", Role.AGENT, ["drh"], PASSWORD)
    yield opened
    opened.close()


def enter(
    accounts: Accounts, name: str = "zoé", password: str = PASSWORD, origin: str = "10.0.0.1"
) -> str:
    return accounts.log_in(name, password, origin, lasts=LASTS)


def fail(accounts: Accounts, name: str = "zoé", origin: str = "10.0.0.1", times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            enter(accounts, name, "un tout autre mot de passe", origin)


def wait_told(accounts: Accounts, name: str = "zoé", origin: str = "10.0.0.1") -> int:
    with pytest.raises(TooManyAttempts) as caught:
        enter(accounts, name, PASSWORD, origin)
    return caught.value.wait_s


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


# --- people --------------------------------------------------------------------------


def test_each_role_may_do_what_its_work_needs_and_an_administrator_does_not_audit() -> None:
    assert {role: role.rights for role in Role} == {
        Role.AGENT: {Right.ASK},
        Role.RAPPORTEUR: {Right.ASK, Right.COLLECT},
        Role.EVALUATOR: {Right.ASK, Right.COLLECT, Right.AUDIT},
        Role.ADMIN: {Right.ASK, Right.COLLECT, Right.CORPUS},
    }


def test_without_accounts_the_one_person_may_everything_and_sees_all() -> None:
    assert all(LOCAL_USER.may(right) for right in Right)
    assert LOCAL_USER.sees_all
    assert LOCAL_USER.user_id == "local"
    assert LOCAL_USER.groups == frozenset()


def test_a_new_account_has_a_pseudonym_that_says_nothing_of_its_name(accounts: Accounts) -> None:
    first = accounts.named("zoé")
    accounts.remove("zoé")
    second = accounts.add("Zoé", Role.ADMIN, (), PASSWORD)

    assert re.fullmatch(r"u-[a-z2-7]{10}", first.user_id)
    assert second.user_id != first.user_id
    assert not second.sees_all
    assert second.created == "2026-02-02T02:40:00+00:00"


def test_a_disabled_account_may_nothing_and_still_closes_the_interface(accounts: Accounts) -> None:
    user = accounts.change("zoé", active=False)

    assert not any(user.may(right) for right in Right)
    assert accounts.any()
    accounts.remove("zoé")
    assert not accounts.any()


def test_a_change_touches_only_what_is_given(accounts: Accounts) -> None:
    before = accounts.named("zoé")

    assert accounts.change("ZOE", role=Role.EVALUATOR).groups == before.groups == {"drh"}
    assert accounts.change("zoé", groups=["DG", "drh"]).role is Role.EVALUATOR
    assert accounts.change("zoé", groups=()).groups == frozenset()
    assert accounts.named("zoé").user_id == before.user_id


@pytest.mark.parametrize("act", ["remove", "change", "log_out_everywhere", "named"])
def test_an_unknown_name_is_an_error_for_administrators(accounts: Accounts, act: str) -> None:
    with pytest.raises(UserNotFound):
        getattr(accounts, act)("personne")
    with pytest.raises(UserNotFound):
        accounts.change_password("personne", OTHER)


# --- names ---------------------------------------------------------------------------


@pytest.mark.parametrize("twin", ["Zoé", "zoe", "ZOÉ", "Zoe\u0301", "ＺＯＥ", " zoë ", "ⓩⓞⓔ"])
def test_two_accounts_never_look_alike(accounts: Accounts, twin: str) -> None:
    with pytest.raises(NameRefused) as caught:
        accounts.add(twin, Role.AGENT, (), PASSWORD)

    assert "existe déjà" in str(caught.value)
    assert [user.name for user in accounts.users()] == ["Zoé"]


@pytest.mark.parametrize(
    "name",
    [
        "", " ", "z", "z" * 41, "deux mots", "../zoe", "zoe/x", "-zoe", ".zoe", "_zoe", "zoe@region",
        "zo\u0435", "\u0430dmin", "zoe\u200b", "zoe\u202e", "zo\u00ade", "zo\ne", "zoe\x00", "\ud800zoe",
        "zo\u0131", "🙂🙂", "zoe\u0301\u0323\u0321", "\ufdfa" * 100, "z" * 100_000,
    ],
)  # fmt: skip
def test_a_name_is_a_few_latin_letters_or_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(NameRefused) as caught:
        accounts.add(name, Role.AGENT, (), PASSWORD)

    assert "2 à 40" in str(caught.value.remedy)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "name", ["Zo", "jean-rené.d_2", "ŒUVRE", "Æsir", "straße", "9h", "François"]
)
def test_french_names_are_accepted_as_they_are(name: str) -> None:
    assert accepted_name(name) == name


@given(st.text(max_size=45) | st.text("aéÀœzß9.-_ＺeE\u0301ſK", max_size=45))
def test_an_accepted_name_is_the_same_account_however_it_is_typed(name: str) -> None:
    assert folded(name).isascii()  # whatever it is: a stranger may type it
    try:
        kept = accepted_name(name)
    except NameRefused:
        return

    assert 2 <= len(kept) <= 40
    assert all(c.isalnum() or c in "._-" for c in kept)
    assert accepted_name(kept) == kept
    for typed in (name, kept, kept.upper(), kept.lower(), unicodedata.normalize("NFD", kept)):
        assert folded(typed) == folded(kept)


@pytest.mark.parametrize("group", ["", "deux mots", "drh;", "g" * 41, "drh\u200b"])
def test_a_group_has_a_plain_name(accounts: Accounts, group: str) -> None:
    with pytest.raises(NameRefused):
        accounts.add("bob", Role.AGENT, ["drh", group], PASSWORD)
    with pytest.raises(NameRefused):
        accounts.change("zoé", groups=[group])
    assert accounts.named("zoé").groups == {"drh"}


# --- passwords -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "", "onze lettre", "x" * 1001, "é" * 12, "abababababab", "abc" * 5, "123456789012",
        "098765432109", "abcdefghijkl", "azertyuiop12", "qsdfghjklm123", "MotDePasse2025!",
        "P@ssw0rd2025!", "adminadmin123", "azerty-qwerty-1", "Bonjour Bienvenue", "jean.durand",
        "Jean-Durand1", "JEAN DURAND 2026", "jeandurandjeandurand", "motdepasse jean durand",
        "girafe tuile\x00 mardi", "\ud800girafe tuile mardi",
    ],
)  # fmt: skip
def test_an_easy_password_is_refused_and_never_repeated(password: str) -> None:
    with pytest.raises(PasswordRefused) as caught:
        check_password(password, "Jean.Durand")

    said = f"{caught.value.message} {caught.value.remedy}"
    assert len(password) < 5 or password not in said


def test_the_advice_is_not_a_password() -> None:
    with pytest.raises(PasswordRefused) as caught:
        check_password("Quatre mots sans rapport !", "Jean.Durand")

    assert "quatre mots sans rapport" in str(caught.value.remedy)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, OTHER, "x7!" + "pq9 zk3 vb2" * 90, "пароль длинный", "83920174655287", "cheval agrafe pile"],
)  # fmt: skip
def test_a_long_password_of_any_alphabet_is_accepted(password: str) -> None:
    check_password(password, "Jean.Durand")


def test_a_refused_password_changes_nothing(accounts: Accounts) -> None:
    token = enter(accounts)

    with pytest.raises(PasswordRefused):
        accounts.change_password("zoé", "zoézoézoézoé")
    with pytest.raises(PasswordRefused):
        accounts.add("bob", Role.AGENT, (), "motdepasse123")

    assert accounts.session(token) is not None
    assert len(accounts.users()) == 1


def test_an_accent_composed_by_another_keyboard_is_the_same_password(accounts: Accounts) -> None:
    accounts.change_password("zoé", "forêt d’été, mélèze gelé")

    typed = unicodedata.normalize("NFD", "forêt d’été,\u00a0mélèze gelé")

    assert enter(accounts, password=typed)


def test_passwords_are_kept_as_argon2id_with_the_defaults_of_the_library(path: Path) -> None:
    Accounts(path).add("zoé", Role.AGENT, (), PASSWORD)

    stored = str(rows(path, "SELECT password FROM users")[0][0])

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106, low memory
    assert not PasswordHasher().check_needs_rehash(stored)
    assert Accounts(path).log_in("zoé", PASSWORD, "::1", lasts=LASTS)


def test_a_login_raises_an_old_hash_to_the_parameters_of_today(
    accounts: Accounts, path: Path
) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)

    enter(Accounts(path, hasher=stronger))

    stored = str(rows(path, "SELECT password FROM users")[0][0])
    assert extract_parameters(stored).memory_cost == 16
    assert enter(Accounts(path, hasher=stronger))


# --- logging in ----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Zoé", "zoe", "ZOÉ", " zoé "])
def test_case_and_accents_of_a_name_do_not_matter(accounts: Accounts, typed: str) -> None:
    user = accounts.session(enter(accounts, typed))

    assert user is not None
    assert user.name == "Zoé"


def test_what_is_said_and_done_never_tells_whether_a_name_exists(path: Path, clock: Clock) -> None:
    hasher = Counting()
    accounts = Accounts(path, clock=clock, hasher=hasher)
    accounts.add("zoé", Role.AGENT, (), PASSWORD)
    accounts.add("bob", Role.AGENT, (), PASSWORD)
    accounts.change("bob", active=False)
    said = set()
    for name, password in (
        ("zoé", OTHER), ("bob", PASSWORD), ("personne", PASSWORD), ("\ud800\x00" * 5000, "\ud800"),
        ("zoé", "x" * 100_000),
    ):  # fmt: skip
        clock.now += 16 * MINUTE
        hasher.verified.clear()
        with pytest.raises(AssistantError) as caught:
            enter(accounts, name, password)
        said.add((type(caught.value), str(caught.value), str(caught.value.remedy)))
        assert len(hasher.verified) == 1, "one hash, as for everybody"
        assert extract_parameters(hasher.verified[0]) == extract_parameters(hasher.hash(""))

    assert len(said) == 1


def test_after_five_failures_attempts_wait_without_being_looked_at(
    path: Path, clock: Clock
) -> None:
    hasher = Counting()
    accounts = Accounts(path, clock=clock, hasher=hasher)
    accounts.add("zoé", Role.AGENT, (), PASSWORD)
    fail(accounts, times=5)

    assert wait_told(accounts) == 30
    clock.now += 29.5
    assert wait_told(accounts) == 1
    assert len(hasher.verified) == 5
    clock.now += 0.5
    assert enter(accounts)


def test_the_wait_doubles_up_to_fifteen_minutes(accounts: Accounts, clock: Clock) -> None:
    fail(accounts, times=4)
    told = []
    for _ in range(8):
        fail(accounts)
        told.append(wait_told(accounts))
        clock.now += told[-1]

    assert told == [30, 60, 120, 240, 480, 900, 900, 900]


def test_the_error_says_how_long_to_wait(accounts: Accounts) -> None:
    fail(accounts, times=5)

    with pytest.raises(TooManyAttempts) as caught:
        enter(accounts)

    assert "30 s" in str(caught.value.remedy)
    assert "15 min" in str(TooManyAttempts(900).remedy)


def test_trying_too_soon_does_not_lengthen_the_wait(accounts: Accounts, clock: Clock) -> None:
    fail(accounts, times=5)
    for _ in range(29):
        clock.now += 1
        wait_told(accounts)
    clock.now += 1

    assert enter(accounts)


def test_a_name_is_slowed_down_whatever_addresses_it_is_tried_from(accounts: Accounts) -> None:
    for number in range(5):
        fail(accounts, origin=f"10.0.1.{number}")

    assert wait_told(accounts, "ZOE", "10.0.2.1") == 30


def test_an_address_is_slowed_down_whatever_names_it_tries(accounts: Accounts) -> None:
    for number in range(5):
        fail(accounts, f"nom{number}")

    assert wait_told(accounts) == 30
    assert enter(accounts, origin="10.0.0.2")


def test_one_host_with_many_ipv6_addresses_is_one_address(accounts: Accounts) -> None:
    for number in range(5):
        fail(accounts, f"nom{number}", f"2001:db8:1:2:{number}::1")

    assert wait_told(accounts, origin="2001:db8:1:2:ffff::9%eth0") == 30
    assert enter(accounts, origin="2001:db8:1:3::1")


def test_an_account_of_ones_own_does_not_wash_guesses_at_others(accounts: Accounts) -> None:
    accounts.add("bob", Role.AGENT, (), OTHER)
    for number in range(5):
        assert enter(accounts, "bob", OTHER)
        fail(accounts, f"nom{number}")

    assert wait_told(accounts, "bob") == 30


def test_a_right_password_clears_the_count_of_its_name(accounts: Accounts) -> None:
    for number in range(3):
        fail(accounts, origin=f"10.0.1.{number}", times=4)
        assert enter(accounts)


def test_a_whole_office_behind_one_address_logs_in(accounts: Accounts) -> None:
    assert len({enter(accounts) for _ in range(40)}) == 40


def test_failures_far_apart_slow_nobody_down(accounts: Accounts, clock: Clock) -> None:
    for _ in range(12):
        fail(accounts)
        clock.now += 4 * MINUTE

    assert enter(accounts)


def test_a_wait_is_forgotten_fifteen_minutes_after_its_end(
    accounts: Accounts, clock: Clock
) -> None:
    fail(accounts, times=5)
    clock.now += 30 + 15 * MINUTE
    fail(accounts, times=4)

    assert enter(accounts)


def test_a_new_password_lets_the_person_in_at_once(accounts: Accounts) -> None:
    for number in range(5):
        fail(accounts, origin=f"10.0.1.{number}")
    accounts.change_password("zoé", OTHER)

    assert enter(accounts, password=OTHER)


def test_a_clock_that_is_set_back_locks_nobody_out(accounts: Accounts, clock: Clock) -> None:
    fail(accounts, times=5)
    clock.now -= 24 * 60 * MINUTE
    fail(accounts, times=4)

    assert enter(accounts)


def test_the_table_of_attempts_stays_small(
    accounts: Accounts, clock: Clock, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MAX_ROWS", 20)
    fail(accounts, times=5)
    for number in range(40):
        clock.now += 0.125
        fail(accounts, f"nom{number}", f"10.1.0.{number}")

    assert len(rows(path, "SELECT * FROM attempts")) == 20
    assert wait_told(accounts) == 25, "a flood does not wash a wait away"
    clock.now += 60 * MINUTE
    fail(accounts)
    assert len(rows(path, "SELECT * FROM attempts")) == 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1200), min_size=1, max_size=60))
def test_no_patience_gets_more_than_nine_guesses_in_any_fifteen_minutes(
    pauses: list[float],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = SqliteFile(Path(folder) / "accounts.sqlite3", STEPS, private=True)
        now, looked_at = 1e9, []
        for pause in pauses:
            now += pause if pause > 300 else pause / 10
            try:
                with file.transaction() as db:
                    throttle.begin(db, "zoé", "10.0.0.1", now)
                looked_at.append(now)
            except TooManyAttempts as error:
                assert 0 < error.wait_s <= 900
        file.close()

    assert max(sum(t <= u < t + 900 for u in looked_at) for t in looked_at) <= 9


def test_attempts_at_the_same_moment_do_not_slip_through(path: Path) -> None:
    hasher = Counting()
    accounts = Accounts(path, hasher=hasher)
    accounts.add("zoé", Role.AGENT, (), PASSWORD)
    gate, seen = threading.Barrier(12), Counter[str]()

    def attempt() -> None:
        gate.wait()
        try:
            enter(accounts, password=OTHER)
        except AssistantError as error:
            seen[type(error).__name__] += 1
        accounts.close()

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == {"LoginRefused": 5, "TooManyAttempts": 7}
    assert len(hasher.verified) == 5


def guess(path: Path, own: str, results: multiprocessing.Queue[tuple[str, list[str]]]) -> None:
    """One process: adds its own account to a file being made, then guesses at another's."""
    accounts = Accounts(path, hasher=cheap())
    accounts.add(own, Role.AGENT, (), PASSWORD)
    seen = []
    for _ in range(20):
        try:
            accounts.log_in("cible", OTHER, own, lasts=LASTS)
        except AssistantError as error:
            seen.append(type(error).__name__)
    results.put((own, seen))


def test_processes_share_the_file_and_slow_down_together(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    processes = [spawn.Process(target=guess, args=(path, f"nom{n}", results)) for n in range(3)]
    for process in processes:
        process.start()
    found = dict(results.get(timeout=120) for _ in processes)
    for process in processes:
        process.join(timeout=60)

    total = Counter(name for seen in found.values() for name in seen)
    assert total == {"LoginRefused": 5, "TooManyAttempts": 55}
    assert [user.name for user in Accounts(path).users()] == ["nom0", "nom1", "nom2"]


@pytest.mark.parametrize("change", ["password", "disabled", "removed"])
def test_a_login_under_way_does_not_outrun_a_change(path: Path, change: str) -> None:
    hasher = Counting()
    accounts, other = Accounts(path, hasher=hasher), Accounts(path, hasher=cheap())
    accounts.add("zoé", Role.AGENT, (), PASSWORD)
    hasher.meanwhile = {
        "password": lambda: other._file.connection.execute("UPDATE users SET password = 'x'"),
        "disabled": lambda: other.change("zoé", active=False),
        "removed": lambda: other.remove("zoé"),
    }[change]

    with pytest.raises(LoginRefused):
        enter(accounts)
    assert rows(path, "SELECT * FROM sessions") == []


# --- sessions ------------------------------------------------------------------------


def test_a_session_ends_after_its_time_however_much_it_is_used(
    accounts: Accounts, clock: Clock
) -> None:
    token = enter(accounts)
    for _ in range(47):
        clock.now += 10 * MINUTE
        assert accounts.session(token) is not None
    clock.now += 10 * MINUTE

    assert accounts.session(token) is None


def test_a_session_that_is_not_used_ends_and_is_deleted(
    accounts: Accounts, clock: Clock, path: Path
) -> None:
    token = enter(accounts)
    clock.now += 59 * MINUTE
    assert accounts.session(token) is not None
    clock.now += 59 * MINUTE
    assert accounts.session(token) is not None
    clock.now += 60 * MINUTE

    assert accounts.session(token) is None
    assert rows(path, "SELECT * FROM sessions") == []


def test_ended_sessions_that_nobody_asks_for_are_deleted_too(
    accounts: Accounts, clock: Clock, path: Path
) -> None:
    for _ in range(3):
        enter(accounts)
    clock.now += 61 * MINUTE
    enter(accounts)

    assert len(rows(path, "SELECT * FROM sessions")) == 1


def test_the_last_use_is_written_once_a_minute_at_most(
    accounts: Accounts, clock: Clock, path: Path
) -> None:
    token = enter(accounts)
    seen = set()
    for _ in range(120):
        clock.now += 1
        accounts.session(token)
        seen.add(rows(path, "SELECT seen FROM sessions")[0][0])

    assert len(seen) == 3


@pytest.mark.parametrize(
    "what", ["role", "groups", "disabled", "password", "everywhere", "removed"]
)
def test_what_lessens_a_persons_rights_ends_their_sessions_at_once(
    accounts: Accounts, path: Path, what: str
) -> None:
    accounts.add("bob", Role.ADMIN, (), OTHER)
    tokens = [enter(accounts), enter(accounts)]
    bystander = enter(accounts, "bob", OTHER)
    other = Accounts(path, clock=accounts._clock, hasher=cheap())  # the command line, meanwhile
    {
        "role": lambda: other.change("zoé", role=Role.RAPPORTEUR),
        "groups": lambda: other.change("zoé", groups=()),
        "disabled": lambda: other.change("zoé", active=False),
        "password": lambda: other.change_password("zoé", OTHER),
        "everywhere": lambda: other.log_out_everywhere("zoé"),
        "removed": lambda: other.remove("zoé"),
    }[what]()

    assert [accounts.session(token) for token in tokens] == [None, None]
    assert accounts.session(bystander) is not None
    assert len(rows(path, "SELECT * FROM sessions")) == 1


def test_a_change_that_changes_nothing_ends_nothing(accounts: Accounts) -> None:
    token = enter(accounts)
    accounts.change("zoé", role=Role.AGENT, groups=["DRH"], active=True)

    assert accounts.session(token) is not None


def test_logging_out_ends_one_session_only(accounts: Accounts) -> None:
    left, kept = enter(accounts), enter(accounts)
    accounts.log_out(left)
    accounts.log_out(left)

    assert accounts.session(left) is None
    assert accounts.session(kept) is not None


def test_one_person_has_twenty_sessions_at_most(accounts: Accounts, clock: Clock) -> None:
    tokens = []
    for _ in range(21):
        clock.now += 1
        tokens.append(enter(accounts))

    assert [accounts.session(token) is not None for token in tokens] == [False] + 20 * [True]


@pytest.mark.parametrize(
    "token", ["", "x", "é" * 43, "\ud800" * 43, "x" * 43, "x" * 1_000_000, "%" * 43]
)
def test_a_made_up_token_is_nobody(accounts: Accounts, token: str) -> None:
    enter(accounts)

    assert accounts.session(token) is None
    accounts.log_out(token)


# --- the file ------------------------------------------------------------------------


def test_the_file_holds_neither_tokens_nor_passwords_nor_what_was_typed_as_a_name(
    accounts: Accounts, path: Path
) -> None:
    tokens = [enter(accounts) for _ in range(3)]
    fail(accounts, "mon secret tapé au mauvais endroit")
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())

    assert len(tokens[0]) == 43
    assert "Zoé".encode() in kept
    for secret in (*tokens, PASSWORD, "un tout autre mot de passe", "mauvais endroit", "10.0.0.1"):
        assert secret.encode() not in kept


def test_only_its_owner_reads_the_file_whatever_the_umask(path: Path) -> None:
    former = os.umask(0)
    try:
        accounts = Accounts(path, hasher=cheap())
        accounts.add("zoé", Role.AGENT, (), PASSWORD)
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    finally:
        os.umask(former)

    assert set(modes) == {path.name, f"{path.name}-wal", f"{path.name}-shm"}
    assert set(modes.values()) == {0o600}


def test_a_file_that_was_restored_too_open_is_closed(accounts: Accounts, path: Path) -> None:
    accounts.close()
    path.chmod(0o664)

    assert Accounts(path).any()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_a_damaged_file_is_an_error_and_never_no_accounts(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(AccountsUnreadable) as caught:
        Accounts(path).any()
    assert "sauvegarde" in str(caught.value.remedy)
    assert path.read_bytes() == content
