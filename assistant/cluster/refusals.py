"""What can be wrong with a cluster, and what to do about it."""

from __future__ import annotations

from assistant.errors import ClusterError
from assistant.wording import Words


def not_installed() -> ClusterError:
    """Ray is an optional dependency, and is not here."""
    return ClusterError(
        Words("Ray n’est pas installé ici.", "Ray is not installed here."),
        remedy=Words(
            'Installez-le (pip install ".[cluster]"), ou lancez l’ingestion sans --cluster.',
            'Install it (pip install ".[cluster]"), or ingest without --cluster.',
        ),
    )


def no_address() -> ClusterError:
    """``--cluster`` was asked for and no setting says where it is."""
    return ClusterError(
        Words(
            "Aucune grappe n’est indiquée dans assistant.toml.",
            "assistant.toml names no cluster.",
        ),
        remedy=Words(
            'Écrivez [cluster] address = "hôte:port", ou lancez l’ingestion sans --cluster.',
            'Write [cluster] address = "host:port", or ingest without --cluster.',
        ),
    )


def no_token() -> ClusterError:
    """Ray found no token: an open cluster is never used."""
    return ClusterError(
        Words(
            "Le jeton de la grappe Ray est introuvable.",
            "The token of the Ray cluster was not found.",
        ),
        remedy=Words(
            "Copiez ~/.ray/auth_token de la machine de tête, ou nommez-le par "
            "RAY_AUTH_TOKEN_PATH (docs/deployment.md).",
            "Copy ~/.ray/auth_token from the head machine, or name it with "
            "RAY_AUTH_TOKEN_PATH (docs/deployment.md).",
        ),
    )


def not_let_in(address: str) -> ClusterError:
    """Something answers there, and does not take us for one of its own."""
    return ClusterError(
        Words(
            f"« {address} » répond, mais ne nous laisse pas entrer : autre jeton, autre version "
            "de Ray, ou ce n’est pas Ray.",
            f"{address!r} answers and does not let us in: another token, another version of Ray, "
            "or no Ray at all.",
        ),
        remedy=Words(
            "Le même jeton et la même version doivent être sur toutes les machines "
            "(docs/deployment.md).",
            "The same token and the same version must be on every machine (docs/deployment.md).",
        ),
    )


def unreachable(address: str, why: str) -> ClusterError:
    """Nothing answers there, or it is no Ray."""
    return ClusterError(
        Words(
            f"La grappe « {address} » ne répond pas ({why}).",
            f"The cluster {address!r} does not answer ({why}).",
        ),
        remedy=Words(
            "Démarrez-la (« ray start », docs/deployment.md) et rattachez-y cette machine, "
            "ou lancez l’ingestion sans --cluster.",
            "Start it (`ray start`, docs/deployment.md) and have this machine join it, "
            "or ingest without --cluster.",
        ),
    )


def not_allowed(host: str) -> ClusterError:
    """A machine of the cluster is not one that this program may speak to."""
    return ClusterError(
        Words(
            f"La machine « {host} » de la grappe n’est pas un hôte permis : rien n’y est envoyé.",
            f"The machine {host!r} of the cluster is not an allowed host: nothing is sent to it.",
        ),
        remedy=Words(
            "Ajoutez-la à [network] allowed_hosts, ou retirez-la de la grappe.",
            "Add it to [network] allowed_hosts, or take it out of the cluster.",
        ),
    )


def no_worker() -> ClusterError:
    """No machine of the cluster offers a processor."""
    return ClusterError(
        Words(
            "Aucune machine de la grappe n’offre de processeur.",
            "No machine of the cluster offers a processor.",
        ),
        remedy=Words(
            "Rattachez-y des machines (« ray start --address … --num-cpus … »), puis relancez : "
            "ce qui est fait est gardé.",
            "Have machines join it (`ray start --address … --num-cpus …`), then run it again: "
            "what is done is kept.",
        ),
    )


def differs(host: str, what: Words, there: str, here: str) -> ClusterError:
    """A machine would read or embed otherwise than this one."""
    return ClusterError(
        Words(
            f"La machine « {host} » n’a pas le même élément « {what.fr} » : {there}, "
            f"au lieu de {here}.",
            f"The machine {host!r} has another {what.en}: {there}, not {here}.",
        ),
        remedy=Words(
            "Installez-y la même version de l’assistant, depuis la même livraison "
            "(« assistant bundle »).",
            "Install the same version of the assistant there, from the same `assistant bundle`.",
        ),
    )


def unusable_machine(host: str, why: Words) -> ClusterError:
    """A machine cannot do the work at all."""
    return ClusterError(
        Words(
            f"La machine « {host} » ne peut pas travailler : {why.fr}",
            f"The machine {host!r} cannot work: {why.en}",
        ),
        remedy=Words(
            "Installez-y l’assistant et ses modèles (« assistant models verify ») ; "
            "[cluster] models en dit le dossier.",
            "Install the assistant and its models there (`assistant models verify`); "
            "[cluster] models names their folder.",
        ),
    )


def cannot_work(host: str, error: Exception) -> ClusterError:
    """The program is not there, or the machine did not answer in time."""
    why = type(error).__name__
    if "No module named" in str(error):
        return unusable_machine(
            host, Words("l’assistant n’y est pas installé.", "the assistant is not installed.")
        )
    return unusable_machine(host, Words(f"pas de réponse ({why}).", f"no answer ({why})."))


def open_to_all(host: str) -> ClusterError:
    """A machine was started without token authentication."""
    return ClusterError(
        Words(
            f"La machine « {host} » a été démarrée sans jeton : n’importe qui pourrait "
            "y lancer un programme.",
            f"The machine {host!r} was started without a token: anybody could run a program there.",
        ),
        remedy=Words(
            "Redémarrez « ray start » avec RAY_AUTH_MODE=token (docs/deployment.md).",
            "Start `ray start` again with RAY_AUTH_MODE=token (docs/deployment.md).",
        ),
    )


def reports_usage(host: str) -> ClusterError:
    """The head of the cluster would send usage statistics to Ray's makers."""
    return ClusterError(
        Words(
            f"Ray, sur la machine « {host} », envoie des statistiques d’usage au-dehors.",
            f"Ray, on the machine {host!r}, sends usage statistics outside.",
        ),
        remedy=Words(
            "Redémarrez « ray start » avec --disable-usage-stats (docs/deployment.md).",
            "Start `ray start` again with --disable-usage-stats (docs/deployment.md).",
        ),
    )


def broke_off(why: str) -> ClusterError:
    """The work ended before its time."""
    return ClusterError(
        Words(
            f"La grappe a interrompu le travail : {why}",
            f"The cluster broke off: {why}",
        ),
        remedy=Words(
            "Relancez l’ingestion : ce qui est fait est gardé ; « ray status » montre "
            "les machines.",
            "Ingest again: what is done is kept; `ray status` shows the machines.",
        ),
    )
