"""Who may use the interface, with what rights; names, passwords, sessions, in SQLite.

`store.Accounts` is the way in. `people` has the nouns (role, right, user), `names` and
`password_rules` say what is accepted, `hashing` keeps passwords as argon2id, `throttle`
counts attempts, `sessions` keeps who is logged in, `schema` its tables.
"""

from assistant.accounts.people import LOCAL_USER, Right, Role, User
from assistant.accounts.store import Accounts

__all__ = ["LOCAL_USER", "Accounts", "Right", "Role", "User"]
