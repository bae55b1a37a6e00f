"""Every error that this program raises on purpose.

    AssistantError
    ├── SettingsError            assistant.toml cannot be used
    ├── WorkspaceNotFound        no assistant.toml where we looked
    ├── WorkspaceBusy            another process is writing
    ├── DocumentError            one file cannot be taken in; the others go on
    │   ├── UnreadableDocument   damaged, empty, encrypted, too large...
    │   ├── UnsupportedFormat    no reader knows it
    │   └── NeedsOcr             scanned pages and no tesseract
    ├── DocumentNotFound         a name that matches no document, or several
    ├── ModelError
    │   ├── ModelUnknown         no manifest names it
    │   ├── ModelMissing         not fetched yet
    │   ├── ModelCorrupt         its hash is not the manifest's
    │   ├── ModelFetchFailed     a part could not be brought
    │   └── ModelServerError     a model's server is not there, refuses, breaks off or sends garbage
    ├── SearchIndexError
    │   ├── IndexModelMismatch   built with another embedding model
    │   ├── IndexDamaged         derived files missing or unreadable
    │   │   ├── IndexElsewhere      published before vector_store was changed
    │   │   └── CollectionUnusable  not on the vector server, or with other vectors
    │   ├── VectorServerError
    │   │   ├── VectorServerUnreachable  no answer, none in time, or a broken connection
    │   │   └── VectorServerRefused      an answer that is an error, or none of Chroma's
    │   └── EmptyIndex           nothing ingested yet
    ├── ClusterError             the machines that read and embed cannot be used, or broke off
    ├── QuoteMismatch            a quotation is not the stored text: never shown
    ├── AuditError               the log cannot be read or written
    ├── AccountError
    │   ├── AccountsUnreadable   the file of the accounts cannot be used: nobody gets in
    │   ├── NameRefused          a name that cannot be used, or is taken
    │   ├── PasswordRefused      too short, too plain...
    │   ├── UserNotFound         no account has that name
    │   ├── LoginRefused         name or password wrong: never which
    │   └── TooManyAttempts      wait before the next one
    └── EgressRefused            a connection outside the allowed hosts

Each carries a message that names the thing and a remedy that says what to do.
Only the command line and the interface turn one into an exit code or a banner.
"""

from __future__ import annotations

from assistant.wording import Words


class AssistantError(Exception):
    """Something a person can mend.

    Args:
        message: One line that names the thing.
        remedy: One line that says what to do.
    """

    def __init__(self, message: Words, *, remedy: Words) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return str(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary whole: readers run in a process of their own."""
        return _restore, (type(self), self.message, self.remedy)


def _restore(kind: type[AssistantError], message: Words, remedy: Words) -> AssistantError:
    error = kind.__new__(kind)
    AssistantError.__init__(error, message, remedy=remedy)
    return error


class SettingsError(AssistantError):
    """``assistant.toml`` cannot be used as it is."""


class WorkspaceNotFound(AssistantError):
    """There is no workspace where the program looked for one."""

    def __init__(self, path: str) -> None:
        super().__init__(
            Words(
                f"« {path} » n’est pas un espace de travail : assistant.toml n’y est pas.",
                f"{path!r} is not a workspace: it has no assistant.toml.",
            ),
            remedy=Words(
                "Lancez « assistant init DOSSIER », ou indiquez-en un avec --workspace.",
                "Run `assistant init DIR`, or name one with --workspace.",
            ),
        )


class WorkspaceBusy(AssistantError):
    """Another process holds the right to write in this workspace."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            Words(
                f"Une autre opération écrit dans cet espace de travail : {holder}.",
                f"Another process is writing in this workspace: {holder}.",
            ),
            remedy=Words(
                "Attendez qu’elle se termine, ou arrêtez ce processus, puis recommencez.",
                "Wait until it ends, or stop that process, then try again.",
            ),
        )


class DocumentError(AssistantError):
    """One file cannot be taken in; it never stops the others."""


class UnreadableDocument(DocumentError):
    """The file is damaged, empty, encrypted or beyond the limits."""


class UnsupportedFormat(DocumentError):
    """No reader knows what this file is."""


class NeedsOcr(DocumentError):
    """The file holds scanned pages and character recognition is not installed."""

    def __init__(self, path: str, pages: str) -> None:
        super().__init__(
            Words(
                f"« {path} » : page(s) numérisée(s) sans texte ({pages}).",
                f"{path!r}: scanned page(s) without text ({pages}).",
            ),
            remedy=Words(
                "Installez tesseract-ocr et tesseract-ocr-fra, puis relancez l’ingestion.",
                "Install tesseract-ocr and tesseract-ocr-fra, then ingest again.",
            ),
        )


class DocumentNotFound(AssistantError):
    """A name matches no document, or more than one."""


class ModelError(AssistantError):
    """A model cannot be used."""


class ModelUnknown(ModelError):
    """No manifest names this model."""

    def __init__(self, name: str, known: list[str]) -> None:
        listed = ", ".join(known) or "—"
        super().__init__(
            Words(
                f"Aucun modèle ne s’appelle « {name} » ; modèles connus : {listed}.",
                f"No model is called {name!r}; known models: {listed}.",
            ),
            remedy=Words(
                "Choisissez l’un d’eux, ou ajoutez le vôtre avec « assistant models add CHEMIN ».",
                "Choose one of them, or add your own with `assistant models add PATH`.",
            ),
        )


class ModelMissing(ModelError):
    """The model is in the manifest but not on this machine."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Words(
                f"Le modèle « {name} » n’est pas installé.",
                f"The model {name!r} is not installed.",
            ),
            remedy=Words(
                f"Lancez « assistant models fetch {name} ».",
                f"Run `assistant models fetch {name}`.",
            ),
        )


class ModelCorrupt(ModelError):
    """The file's hash is not the one that the manifest gives."""

    def __init__(self, name: str, expected: str, found: str) -> None:
        super().__init__(
            Words(
                f"Le modèle « {name} » est altéré : sha256 {found[:12]}…, "
                f"attendu {expected[:12]}….",
                f"The model {name!r} is corrupt: sha256 {found[:12]}…, expected {expected[:12]}….",
            ),
            remedy=Words(
                f"Supprimez-le et relancez « assistant models fetch {name} ».",
                f"Delete it and run `assistant models fetch {name}` again.",
            ),
        )


class ModelFetchFailed(ModelError):
    """A part of a model could not be brought to this machine."""


class ModelServerError(ModelError):
    """The server of a model cannot be reached, refuses, or does not send a whole reply.

    ``status`` is that of HTTP where it answered with one.
    """

    status: int | None = None


class SearchIndexError(AssistantError):
    """The index cannot serve; the catalogue can rebuild it."""


class IndexModelMismatch(SearchIndexError):
    """The index was built with another embedding model."""

    def __init__(self, built_with: str, loaded: str) -> None:
        super().__init__(
            Words(
                f"L’index a été construit avec « {built_with} », mais « {loaded} » est configuré.",
                f"The index was built with {built_with!r}, but {loaded!r} is configured.",
            ),
            remedy=Words(
                "Lancez « assistant ingest --rebuild », ou rétablissez l’ancien modèle.",
                "Run `assistant ingest --rebuild`, or restore the former model.",
            ),
        )


class IndexDamaged(SearchIndexError):
    """Files of the derived indexes are missing or unreadable."""

    def __init__(self, path: str) -> None:
        super().__init__(
            Words(
                f"L’index est incomplet ou illisible : {path}.",
                f"The index is incomplete or unreadable: {path}.",
            ),
            remedy=Words(
                "Lancez « assistant ingest » : il sera reconstruit depuis le catalogue.",
                "Run `assistant ingest`: it is rebuilt from the catalogue.",
            ),
        )


class IndexElsewhere(IndexDamaged):
    """The index was published before ``vector_store`` was changed."""

    def __init__(self, generation: str, kept_in: str) -> None:
        AssistantError.__init__(
            self,
            Words(
                f"L’index {generation} a ses vecteurs ailleurs que ne le dit vector_store "
                f"({kept_in}).",
                f"The index {generation} has its vectors elsewhere than vector_store says "
                f"({kept_in}).",
            ),
            remedy=Words(
                "Lancez « assistant ingest » : il sera refait là depuis le catalogue ; ou "
                "rétablissez l’ancien réglage.",
                "Run `assistant ingest`: it is made there from the catalogue; or restore the "
                "former setting.",
            ),
        )


class CollectionUnusable(IndexDamaged):
    """The collection that the index names is not on the vector server, or has other vectors."""

    def __init__(self, address: str, collection: str, why: Words) -> None:
        AssistantError.__init__(
            self,
            Words(
                f"La collection {collection} du serveur de vecteurs {address} est "
                f"inutilisable : {why.fr}.",
                f"The collection {collection} of the vector server {address} cannot be used: "
                f"{why.en}.",
            ),
            remedy=Words(
                "Lancez « assistant ingest » : elle sera refaite depuis le catalogue.",
                "Run `assistant ingest`: it is made again from the catalogue.",
            ),
        )


class VectorServerError(SearchIndexError):
    """The vector server cannot be used now; nothing is lost, the catalogue keeps the vectors."""


class VectorServerUnreachable(VectorServerError):
    """No answer, none in time, or a connection that broke."""

    def __init__(self, address: str, why: Words) -> None:
        super().__init__(
            Words(
                f"Le serveur de vecteurs {address} est injoignable : {why.fr}.",
                f"The vector server {address} cannot be reached: {why.en}.",
            ),
            remedy=Words(
                "Démarrez-le (« chroma run --path DOSSIER »), ou corrigez vector_store dans "
                "assistant.toml, puis recommencez ; rien n’est perdu.",
                "Start it (`chroma run --path DIR`), or correct vector_store in assistant.toml, "
                "then try again; nothing is lost.",
            ),
        )


class VectorServerRefused(VectorServerError):
    """It answered with an error, or as no Chroma server does."""

    def __init__(self, address: str, why: Words) -> None:
        super().__init__(
            Words(
                f"Le serveur de vecteurs {address} ne sert pas : {why.fr}.",
                f"The vector server {address} does not serve: {why.en}.",
            ),
            remedy=Words(
                "Vérifiez que vector_store désigne un serveur Chroma 1.x et lisez son journal, "
                "puis recommencez ; rien n’est perdu.",
                "Check that vector_store names a Chroma 1.x server and read its log, then try "
                "again; nothing is lost.",
            ),
        )


class EmptyIndex(SearchIndexError):
    """Nothing has been ingested yet."""

    def __init__(self) -> None:
        super().__init__(
            Words("Aucun document n’est indexé.", "No document is indexed."),
            remedy=Words(
                "Placez vos documents dans corpus/ puis lancez « assistant ingest ».",
                "Put your documents in corpus/ and run `assistant ingest`.",
            ),
        )


class ClusterError(AssistantError):
    """The machines that read and embed for an ingestion cannot be used, or broke off."""


class QuoteMismatch(AssistantError):
    """A quotation differs from the stored text of its source, so it is not shown."""

    def __init__(self, document: str, start: int, end: int) -> None:
        super().__init__(
            Words(
                f"La citation [{start}:{end}] de « {document} » n’est pas son texte conservé.",
                f"The quotation [{start}:{end}] of {document!r} is not its stored text.",
            ),
            remedy=Words(
                "Reposez la question ; si cela se répète, lancez « assistant doctor ».",
                "Ask again; if it happens again, run `assistant doctor`.",
            ),
        )


class AuditError(AssistantError):
    """The audit log cannot be read or written."""


class AccountError(AssistantError):
    """An account, a name or a password cannot be used."""


class AccountsUnreadable(AccountError):
    """The file of the accounts cannot be used; nobody gets in meanwhile."""

    def __init__(self, path: str) -> None:
        super().__init__(
            Words(
                f"Le fichier des comptes est illisible : {path}.",
                f"The file of the accounts cannot be read: {path}.",
            ),
            # never "delete it": without accounts the interface asks nobody for a password
            remedy=Words(
                "Vérifiez les droits sur ce fichier, ou rétablissez-le depuis une sauvegarde.",
                "Check the rights on this file, or restore it from a backup.",
            ),
        )


class NameRefused(AccountError):
    """A name of a person or of a group cannot be used, or is taken."""


class PasswordRefused(AccountError):
    """A new password is too short, too long or too plain; it is never repeated here."""


class UserNotFound(AccountError):
    """No account has that name: said to administrators only."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Words(
                f"Aucun compte ne s’appelle « {name} ».",
                f"No account is called {name!r}.",
            ),
            remedy=Words(
                "« assistant users list » donne les comptes.", "`assistant users list` lists them."
            ),
        )


class LoginRefused(AccountError):
    """The name or the password is wrong, or the account is disabled: never said which."""

    def __init__(self) -> None:
        super().__init__(
            Words("Nom ou mot de passe incorrect.", "Wrong name or password."),
            remedy=Words(
                "Vérifiez la saisie ; un administrateur peut changer un mot de passe oublié.",
                "Check what you typed; an administrator can change a forgotten password.",
            ),
        )


class TooManyAttempts(AccountError):
    """Too many failed logins; this one was not even looked at.

    Args:
        wait_s: Whole seconds before the next attempt is looked at.
    """

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        wait = f"{wait_s} s" if wait_s < 120 else f"{-(-wait_s // 60)} min"
        super().__init__(
            Words("Trop d’essais de connexion.", "Too many login attempts."),
            remedy=Words(f"Attendez {wait}, puis recommencez.", f"Wait {wait}, then try again."),
        )


class EgressRefused(AssistantError, OSError):
    """A connection or a name look-up outside the allowed hosts was refused."""

    def __init__(self, host: str) -> None:
        super().__init__(
            Words(
                f"Connexion refusée vers « {host} » : rien ne sort de cette machine.",
                f"Connection to {host!r} refused: nothing leaves this machine.",
            ),
            remedy=Words(
                "Si cet hôte est dans vos locaux, ajoutez-le à allowed_hosts dans assistant.toml.",
                "If this host is on your premises, add it to allowed_hosts in assistant.toml.",
            ),
        )
