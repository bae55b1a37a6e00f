"""Words that say the opposite of each other: rising and falling, more and less, first and last."""

from __future__ import annotations

import re
from dataclasses import dataclass

UP = (
    r"augment\w*|hauss\w*|rehauss\w*|progress(?!i[fv])\w*|croissan\w*|croit|croitr\w*|accro\w+"
    r"|accru\w*"
    r"|port(?:e|ee|es|ees|er|era) (?:de [^.;,]{0,15}\d|a (?:pres de )?\d)|grimp\w*|doubl\w*"
    r"|tripl\w*|essor|de plus(?= que| qu'|[.,;]|$)|(?<![\w\d])\+ ?(?=\d)"
    r"|\w+ fois plus|mont(?:e|ee|es|ees|ent|er)(?= a| de| jusqu)|bond\w*|flamb\w*|envol\w*"
    r"|rencheri\w*|relev(?:e|ee|es|ees) (?:a|de)(?= )|remont(?:e|ee|es|ees|ent|er)\b|redress\w+"
    r"|rebond\w+"
)
DOWN = (
    r"baiss\w*|diminu\w*|recul(?:e|ent|ait|aient|er|ant)?\b|redui\w*|reduct\w*|chut\w*|regress\w*"
    r"|decroi\w*|decru\w*|repli|abaiss\w*|amoindri\w*|de moins(?= que| qu'|[.,;]|$)"
    r"|(?:(?<=[\s(|])|^)-(?=\d)|descend\w*|retomb\w*|tomb(?:e|ee|es|ees|ent|er)(?= a| de| sous)"
    r"|effondr\w*|ramene\w*|allege\w*|\w+ fois moins"
)


@dataclass(frozen=True, slots=True)
class Opposites:
    """Two words of which a text says one; ``needed``: a claim uses neither without its quote."""

    one: re.Pattern[str]
    other: re.Pattern[str]
    needed: bool = False


def _opposites(one: str, other: str, *, needed: bool = False) -> Opposites:
    def word(alternatives: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")

    return Opposites(word(one), word(other), needed)


RISING = Opposites(re.compile(rf"(?<!\w)(?:{UP})"), re.compile(rf"(?<!\w)(?:{DOWN})"), True)
PAIRS = (
    RISING,
    _opposites(
        r"superieure?s?|(?<!ou )(?<!et )(?<!au )(?<!non )plus (?!de |tard|tot|d'|que|qu'|un|une"
        r"|deux|en |\d)\w+|davantage|mieux|depass\w+|exced\w+"
        r"|au-dessus|de plus(?= que| qu'| par)|meilleure?s?",
        r"inferieure?s?|(?<!ou )(?<!et )(?<!au )moins (?!de |d'|que|qu'|un|une|deux|trois|en "
        r"|\d)\w+|au-dessous|en dessous|en deca"
        r"|de moins(?= que| qu'| par)|pires?|pis",
    ),
    _opposites(r"plus d[e']", r"moins d[e']"),
    _opposites(
        r"maxim\w+|plafond\w*|plafonn\w*|dans la limite|au plus(?! tot| tard)|jusqu'a",
        r"minim\w+|plancher\w*|au moins",
        needed=True,
    ),
    _opposites(
        r"favorable\w*|prononc\w+ pour|vot\w+ pour",
        r"defavorable\w*|oppose\w*|hostile\w*|prononc\w+ contre|vot\w+ contre",
    ),
    _opposites(r"obligatoire\w*", r"facultati\w+|optionnel\w*"),
    _opposites(
        r"autoris\w+|permis\w*|permet\w*|droit d[e']|admis\w*|possible\w*|peu(?:t|vent)",
        r"interdi\w+|prohib\w+|impossible\w*|proscri\w+",
    ),
    _opposites(
        r"adopt\w+|approuv\w+|accept\w+|valid\w+", r"rejet\w+|repouss\w+|refus\w+|d(?:it|ire) non"
    ),
    _opposites(
        r"reten(?:u|ue|us|ues|ir)|retien\w+", r"ecart(?:e|es|ee|ees|er)|abandonn\w+|rejet\w+"
    ),
    _opposites(r"ouver\w+|ouvr\w+", r"ferm(?!e\b|es\b|ier)\w+|clos|cloture\w*"),
    _opposites(
        r"dans l(?:a|es?)\b|dans l(?=')", r"(?:hors|en dehors|a l'exterieur) d[eu'] ?(?:l[ae]s?\b"
                                          r"|l')?"
    ),
    _opposites(r"total\w*|totaux|globa\w+", r"moyen\w*"),
    _opposites(r"gratui\w+|sans frais|gracieu\w+", r"payant\w*|lou(?:e|ent|er|era)|loyers?"),
    _opposites(r"vacant\w*|inoccupe\w*|vides?", r"(?:pourvu|occupe)(?:e|s|es)?"),
    _opposites(
        r"inclu\w+|y compris|compris(?:e|es)?(?! entre)|dont",
        r"exclu\w+|en plus d[e'us]+|s'ajout\w+|en sus|outre|hors",
    ),
    _opposites(r"debut", r"(?<!mis )(?<!met )(?<!pris )(?<!prend )fin"),
    _opposites(
        r"debut(?:e|es|ent|era|eront|er|ait)|commenc\w+|demarr\w+|lanc\w+|entam\w+"
        r"|entre en vigueur",
        r"finit|fini|termin\w+|achev\w+|expir\w+|(?:mis|met|pris|prend) fin|s'arret\w+",
    ),
    _opposites(r"premier\w*", r"dernier\w*"),
    _opposites(r"recettes?", r"depenses?"),
    _opposites(r"fonctionnement", r"investissements?"),
    _opposites(r"cree\w*|creation\w*", r"supprim\w+|suppression\w*"),
    _opposites(r"public|publique?s?", r"privee?s?"),
    _opposites(r"rura\w+", r"urbain\w*"),
    _opposites(r"avant", r"apres"),
    _opposites(r"excedent\w*", r"deficit\w*"),
    _opposites(r"present(?:e|es|s)?", r"absent\w*"),
    _opposites(r"hommes?", r"femmes?"),
    _opposites(r"nord", r"sud"),
    _opposites(r"ht|hors taxes?", r"ttc|toutes taxes"),
    _opposites(
        r"termin\w+|achev\w+|finiss\w+|au bout d[e']", r"abandonn\w+|interromp\w+|arret(?:e|ent)"
    ),
    _opposites(r"produi\w+|production\w*|gener(?:e|ent|er|ait)", r"consomm\w+"),
    _opposites(r"econom\w+|epargn\w+", r"cout(?:e|ent|era|eront|ait|er)|depens\w+"),
    _opposites(r"confirm\w+|maint\w+|maintien\w*", r"annul\w+|infirm\w+|abrog\w+"),
    _opposites(r"fix(?:e|es)", r"variables?"),
    _opposites(r"irrealis\w+|intenable\w*", r"(?<!pas )tenable\w*|realis(?:te|tes|able|ables)"),
    _opposites(r"utiles?|utilite", r"inutiles?|inutilite"),
    _opposites(r"importe\w*|importation\w*", r"exporte\w*|exportation\w*"),
    _opposites(r"creancier\w*", r"debiteur\w*"),
    _opposites(r"rapid\w+|accelere\w*|accelerati\w+", r"lent\w*|ralenti\w*"),
    _opposites(
        r"gagn\w+|gain\w*|rapport(?:e|ent|er|ait)", r"perd(?!re de vue)\w*|pertes?|coute\w*"
    ),
    _opposites(r"facil\w+|simplifi\w+|allege\w*", r"difficil\w+|complexifi\w+|compliqu\w+"),
    _opposites(r"amelior\w+", r"degrad\w+|deterior\w+|aggrav\w+|empir\w+"),
    _opposites(r"renforc\w+|consolid\w+", r"affaibli\w+|fragilis\w+"),
    _opposites(r"succes|reussi\w*", r"echec\w*|echou\w*"),
    _opposites(r"allong\w+|rallong\w+|prolong\w+|proroge?\w*", r"raccourci\w+|ecourt\w+"),
    _opposites(r"elargi\w+|etend\w+|etendue?s?", r"restrei\w+|restrict\w+"),
    _opposites(r"entree?s?", r"sorties?"),
    _opposites(r"embauch\w+|recrut\w+", r"licenci\w+"),
    _opposites(r"achat\w*|achet\w+|acquer\w+|acquisition\w*", r"vente\w*|vend\w+"),
    _opposites(r"majorite|majoritaire\w*|la plupart", r"minorite|minoritaire\w*"),
    _opposites(r"legal\w*|conforme\w*", r"illega\w+|non conforme\w*"),
    _opposites(r"suffisan\w+|suffi\w*", r"insuffisan\w+"),
    _opposites(r"centralis\w+", r"decentralis\w+|reparti\w*|distribue\w*"),
    _opposites(r"matin\w*", r"soir\w*|apres-midi"),
    _opposites(r"interieur\w*|interne\w*", r"exterieur\w*|externe\w*"),
    _opposites(r"individue\w+", r"collecti(?:f|fs|ve|ves)"),
    _opposites(r"court\w* terme", r"long\w* terme"),
    _opposites(r"provisoire\w*|temporaire\w*", r"definiti(?:f|fs|ve|ves|vement)|perman\w+"),
    _opposites(r"directe?s?|directement", r"indirecte?s?|indirectement"),
    _opposites(r"volontaire\w*|benevol\w*|libre\w*", r"oblig\w+|contrain\w+|impos\w+"),
)  # fmt: skip
