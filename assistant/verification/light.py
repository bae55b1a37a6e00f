"""Words that state nothing by themselves: they carry a figure, a speech or a link."""

from __future__ import annotations

from assistant.french.words import stem

# Verbs and nouns that only carry a figure or a statement: neither subject nor fact.
_LIGHT_LIST = """
    elever eleve elevent elevait elevera atteindre atteint atteignent atteignait representer
    represente representent representait compter compte comptent totaliser totalise comprendre
    comprend comprennent comporter comporte comportent disposer dispose disposent etablit
    etablissait correspondre correspond correspondent chiffrer chiffre estimer estime evaluer
    evalue fixer fixe fixee fixes fixees montant montants total somme sommes hauteur environ
    pres soit agir agit agissait concerner concerne concernent constituer constitue
    constituent consister consiste devenir devient rester reste figurer figure figurent
    trouver trouve trouvent situer situe nombre valeur niveau notamment actuellement
    aujourd'hui effectivement precisement question reponse document documents source sources
    extrait texte indiquer indique indiquent indiquait preciser precise precisent declarer
    declare souligner souligne rappeler rappelle expliquer explique affirmer affirme ajouter
    ajoute mentionner mentionne mentionnent considerer considere dire dit signaler signale
    noter note constater permettre permet permettent viser vise visent porter porte portent
    avoir lieu tenir tient oui non envisager envisage envisagent envisagee proposer propose
    proposent proposee souhaiter souhaite souhaitent recommander recommande preconiser
    preconise suggerer suggere estiment obligatoire obligation possible possibilite nommer
    nomme appeler appelle appeles intituler intitule prendre prennent mettent viennent
    tiennent reçoivent disent prend effectuer realiser parmi passer passe passent passait
    declarent mesure abord pu du fois part desormais ensuite ainsi enfin donc notons cas effet
    raison rapport rapporte rapportent relever releve evoquer evoque decrire decrit selon
    suivant concernant egard veut veulent vouloir voulu falloir fallait fallu faut faudrait
    faudra devenu devenue devenus savoir sait savent savaient aller dehors allé allée
    allés allées avant après
    traiter traité traitée
    traités traitées ira iront va vont venir vient mettre met mis mise pouvaient pouvait
    devait devaient donner donne celui-ci chaque plupart partie seul seule seuls seules
    uniquement seulement toutefois cependant pourtant necessaire necessite existe exister
    existent presenter presente presentent montrer montre montrent faire faite faites faits
    tel rendre rendu moyen moyenne moyennant surtout principalement essentiellement souvent
    toujours expliquent resulter resulte resultent cause causes attribuer obtenir obtient
    obtenu obtenus recevoir recoit recoivent recu beneficier beneficie beneficient avance
    estimation evaluation charge laquelle ensemble commencer debuter annee annees taux voix
    echange personne personnes chose fait an ans travail vu apres tot tard plus fin debut
    inferieur superieur aucun aucune auparavant grace bientot hier demain ailleurs alors jadis
    recemment ici plutot vraiment assez trop presque absence faute depourvu depourvue droit
    dossier instaurer reprendre condition conditions disposition duree derouler deroule
    deroulee attendre attendu attendue attendus attendues durée durées déroule déroulée
    prévoir prévue prévu demandé reçu année années débuter élevé élever élève élèvent élevait
    élèvera représenter représente représentent représentait établit établissait évaluer
    évalue près précisément réponse préciser précise précisent déclarer déclare considérer
    considère réaliser suggérer suggère préconiser proposée proposées envisagée possibilité
    fixée fixées intitulé intitulée appelé appelée évoquer évoque décrire décrit relève égard
    présenter présente présentent résulter résulte résultent bénéficier bénéficie bénéficient
    évaluation débute éléments même nécessaire nécessité nécessite élevée élevés considéré
    considérée dépourvu répondre répond répondu déjà désormais récemment équivaut totalisé
    évoqué précisé déclaré rappelé souligné indiqué expliqué affirmé ajouté signalé noté
    constaté estimé jugé pensé cru trouvé proposé recommandé préconisé suggéré souhaité permis
    visé visée porté portée effectué effectuée réalisé réalisée réalisés mené menée menés
    conduit conduite opéré opérée afin quant via manière façon sorte type exemple sujet objet
    terme termes contexte situation prononcer prononcé prononcés prononce conforme maximum
    minimum maximal minimal maximale minimale limiter limite limites prevoir prevoit prevue
    prevu prevus prevues simple meme prise prises pris faveur demander demande annoncer
    annonce annoncent annoncé annoncée annoncées déplorer déplore regretter regrette juger
    juge alerter alerte plaider plaide observer observe insister insiste reconnaître reconnaît
    reconnu remarquer remarque confirmer confirme soutenir soutient conclure conclut répéter
    répète craindre craint espérer espère féliciter félicite admettre admet revenir revient
    revenu revenue revenus garantir garantit
"""


def _light_stems() -> frozenset[str]:
    words = _LIGHT_LIST.split()
    return frozenset(stem(word) for word in words) | frozenset(words)


LIGHT = _light_stems()


def telling(stems: frozenset[str]) -> frozenset[str]:
    """Stems without the light ones, in whatever person: « débutent » too."""
    return frozenset(word for word in stems if word.removesuffix("ent") not in LIGHT)
