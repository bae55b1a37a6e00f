"""How the figures of the report are made and what they do not say, for who reads and signs it."""

from __future__ import annotations

from typing import Final

from assistant.wording import Words

NOTES: Final = (
    Words(
        "Période. Une question est comptée le jour (UTC) où elle a été posée ; ce qui en a été "
        "jugé ou signalé ensuite l’est avec elle, quelle qu’en soit la date.",
        "Period. A question is counted on the day (UTC) it was asked; what was judged or reported "
        "of it later is counted with it, whatever its date.",
    ),
    Words(
        "Textes effacés. Une réponse dont les textes ont été effacés compte comme telle : ni son "
        "issue, ni ses sources, ni son modèle ne sont devinés. Ses jugements restent dans la "
        "chaîne et comptent.",
        "Erased texts. An answer whose texts were erased counts as such: neither its outcome nor "
        "its sources nor its model is guessed. Its judgements stay in the chain and count.",
    ),
    Words(
        "Plusieurs évaluateurs. Le dernier mot de chacun compte. Sur une même citation, le "
        "jugement tranché l’emporte ; à défaut, celui de plus de la moitié de ceux qui se "
        "prononcent (« impossible à dire » n’est pas un avis contraire) ; à défaut, la citation "
        "est « non tranchée » et laissée hors du calcul, comme celles dont personne ne peut dire.",
        "Several evaluators. Each one's last word counts. On one citation the settled judgement "
        "holds; else that of more than half of those who tell (“cannot tell” is no contrary "
        "opinion); else the citation is “not settled” and left out, as are those of which nobody "
        "can tell.",
    ),
    Words(
        "Précision des citations. Part des citations qui étayent toute la phrase, sur celles qui "
        "étayent, étayent en partie, n’étayent pas ou sont une mauvaise source.",
        "Citation precision. Share of citations that support the whole sentence, over those that "
        "support, support in part, do not support or are a wrong source.",
    ),
    Words(
        "Le vérificateur face aux évaluateurs. Une affirmation est tenue pour étayée quand l’une "
        "de ses citations l’étaye, pour non étayée quand toutes sont jugées et qu’aucune ne "
        "l’étaye, même en partie. Celles qui ne le sont qu’en partie ou restent indécises sont "
        "montrées, et ne comptent dans aucune précision ni aucun rappel.",
        "The verifier against people. A claim is held for supported when one of its citations "
        "supports it, for unsupported when all are judged and none does, not even in part. Those "
        "supported in part and the undecided are shown, and count in no precision or recall.",
    ),
    Words(
        "Intervalles. De Clopper-Pearson (Biometrika 26, 1934), à 95 %, exacts pour des tirages "
        "indépendants. Les citations d’une même réponse ne le sont pas tout à fait : pour les "
        "citations et les affirmations, l’intervalle est plutôt trop étroit. Il ne dit quelque "
        "chose de toutes les réponses que pour un échantillon au hasard ; des réponses signalées "
        "fausses sont pires que les autres, et une strate peut être surreprésentée.",
        "Intervals. Clopper and Pearson's (Biometrika 26, 1934), 95%, exact for independent "
        "draws. Citations of one answer are not quite: for citations and claims the interval is "
        "rather too narrow. It speaks of all answers only for a random sample; answers reported "
        "as wrong are worse than the others, and a stratum may be over-represented.",
    ),
    Words(
        "Collections et natures. Celles des sources citées, telles que le document était décrit "
        "alors ; une question qui cite deux collections compte dans les deux, une question sans "
        "citation dans aucune.",
        "Collections and kinds. Those of the cited sources, as the document was described then; a "
        "question that cites two collections counts in both, one without citations in none.",
    ),
    Words(
        "Sources. « Retirée » : le document n’est plus dans le corpus sous ce nom de fichier. "
        "« Modifiée » : le fichier ou le texte lu n’est plus celui qui a été cité. D’un document "
        "dans plusieurs de ces cas, le premier de la liste est dit : retirée, citation absente, "
        "remplacée, modifiée.",
        "Sources. “Withdrawn”: the document is not in the corpus under that file name any more. "
        "“Changed”: the file, or the text read from it, is not the one that was cited. Of a "
        "document in several of these states the first is told: withdrawn, quotation gone, "
        "superseded, changed.",
    ),
    Words(
        "Fichiers. Dans les fichiers CSV (RFC 4180, UTF-8), un texte qui commence par =, +, -, @ "
        "ou une tabulation est précédé d’une apostrophe, pour qu’aucun tableur n’y voie une "
        "formule. Ces fichiers sont des copies : « assistant audit forget » n’y efface rien.",
        "Files. In the CSV files (RFC 4180, UTF-8) a text that begins with =, +, -, @ or a tab "
        "has an apostrophe before it, so that no spreadsheet takes it for a formula. These files "
        "are copies: `assistant audit forget` erases nothing in them.",
    ),
)
