"""Why something is not done in a review, said to an evaluator."""

from __future__ import annotations

from assistant.accounts import Right, User
from assistant.errors import AuditError
from assistant.review.judgements import LONGEST_NOTE, Choice, Place
from assistant.wording import Words

_SEE_SAMPLES = Words(
    "« assistant audit review list » donne les tirages.",
    "`assistant audit review list` lists the samples.",
)


def ensure_may_review(user: User) -> None:
    """Nothing, for whoever may audit.

    Raises:
        AuditError: This person may not.
    """
    if not user.may(Right.AUDIT):
        raise AuditError(
            Words(
                f"« {user.name} » n’a pas le droit d’évaluer.", f"{user.name!r} may not evaluate."
            ),
            remedy=Words(
                "Un administrateur peut donner le rôle « evaluator » par "
                "« assistant users change ».",
                "An administrator can give the role `evaluator` with `assistant users change`.",
            ),
        )


def size_refused(most: int) -> AuditError:
    """The number of answers wanted cannot be."""
    return AuditError(
        Words(
            f"La taille d’un tirage va de 1 à {most}.",
            f"The size of a sample goes from 1 to {most}.",
        ),
        remedy=Words(
            "Donnez-la ; seul un tirage de tout ce qui est signalé faux s’en passe.",
            "Give it; only a sample of everything reported as wrong does without.",
        ),
    )


def too_few_for_strata(size: int, strata: int) -> AuditError:
    """Fewer answers are wanted than there are strata."""
    return AuditError(
        Words(
            f"{strata} strates, et seulement {size} réponse(s) à tirer : il en faut une au moins "
            "par strate.",
            f"{strata} strata, and only {size} answer(s) wanted: each needs one at least.",
        ),
        remedy=Words(
            f"Demandez {strata} réponses au moins, ou un tirage sans strates.",
            f"Ask for {strata} answers at least, or for a sample without strata.",
        ),
    )


def nothing_to_draw() -> AuditError:
    """No answer is in the frame."""
    return AuditError(
        Words("Aucune réponse à tirer.", "There is no answer to draw."),
        remedy=Words(
            "Élargissez la période ; seules comptent les réponses closes, non effacées, que vous "
            "pouvez lire.",
            "Widen the period; only closed answers count, not forgotten, that you may read.",
        ),
    )


def no_such_sample(name: str) -> AuditError:
    """The name is that of something else, or the sample's list was forgotten."""
    return AuditError(
        Words(
            f"« {name[:60]} » n’est pas un tirage, ou sa liste a été effacée.",
            f"{name[:60]!r} is not a sample, or its list was forgotten.",
        ),
        remedy=_SEE_SAMPLES,
    )


def outside(place: Place, sample: str) -> AuditError:
    """The record is not in the sample, or not (any more) for this person: never said which."""
    return AuditError(
        Words(
            f"La réponse « {place.record[:60]} » n’est pas à juger dans le tirage « {sample} ».",
            f"The answer {place.record[:60]!r} is not to be judged in sample {sample!r}.",
        ),
        remedy=_SEE_SAMPLES,
    )


def no_such_thing(place: Place) -> AuditError:
    """The answer has no such claim, or the claim no such citation."""
    return AuditError(
        Words(
            f"La réponse « {place.record} » n’a pas de citation {place.claim}.{place.citation}.",
            f"The answer {place.record!r} has no citation {place.claim}.{place.citation}.",
        ),
        remedy=Words(
            "Les affirmations et leurs citations se comptent à partir de 0.",
            "Claims and their citations are counted from 0.",
        ),
    )


def no_such_place(text: str) -> AuditError:
    """Nothing to judge is named so."""
    return AuditError(
        Words(
            f"« {text[:60]} » ne désigne rien à juger.", f"{text[:60]!r} names nothing to judge."
        ),
        remedy=Words(
            "Écrivez TRACE, ou TRACE:AFFIRMATION.CITATION, comme dans la liste des désaccords.",
            "Write RECORD, or RECORD:CLAIM.CITATION, as in the list of disagreements.",
        ),
    )


def not_a_judgement(key: str, choices: tuple[Choice, ...]) -> AuditError:
    """The key is none of those that are offered for this thing."""
    offered = ", ".join(choice.key for choice in choices)
    return AuditError(
        Words(
            f"« {key[:60]} » n’est pas un jugement possible ici.",
            f"{key[:60]!r} is not a judgement that can be given here.",
        ),
        remedy=Words(f"Possibles : {offered}.", f"Possible: {offered}."),
    )


def note_too_long() -> AuditError:
    """Rather refused than cut: what was written must be what is kept."""
    return AuditError(
        Words(
            f"La note dépasse {LONGEST_NOTE} caractères.",
            f"The note is longer than {LONGEST_NOTE} characters.",
        ),
        remedy=Words("Raccourcissez-la.", "Shorten it."),
    )


def no_longer_blind() -> AuditError:
    """Whoever settles disagreements has seen what the others said."""
    return AuditError(
        Words(
            "Vous avez tranché des désaccords de ce tirage : vous ne pouvez plus y juger en "
            "aveugle.",
            "You settled disagreements of this sample: you can no longer judge it blind.",
        ),
        remedy=Words(
            "Tranchez plutôt, ou faites un autre tirage.", "Settle instead, or draw another sample."
        ),
    )


def already_settled(place: Place) -> AuditError:
    """What was said before it was settled stays as it was."""
    return AuditError(
        Words(
            f"Le désaccord sur « {place} » est tranché : votre jugement reste tel qu’il était.",
            f"The disagreement on {place} is settled: your judgement stays as it was.",
        ),
        remedy=Words(
            "Tranchez-le autrement s’il le faut.", "Settle it otherwise if it is necessary."
        ),
    )


def still_blind(done: int, of: int) -> AuditError:
    """Who is judging sees nobody else's judgements until the end."""
    return AuditError(
        Words(
            f"Vous avez jugé {done} sur {of} : les jugements des autres se montrent à la fin.",
            f"You have judged {done} of {of}: those of others are shown at the end.",
        ),
        remedy=Words("Terminez d’abord votre évaluation.", "Finish your own review first."),
    )


def no_disagreement(place: Place) -> AuditError:
    """Two people at least must have said different things of it."""
    return AuditError(
        Words(f"Il n’y a pas de désaccord sur « {place} ».", f"Nobody disagrees on {place}."),
        remedy=Words(
            "« assistant audit review disagreements » les donne.",
            "`assistant audit review disagreements` lists them.",
        ),
    )
