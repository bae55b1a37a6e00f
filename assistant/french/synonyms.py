"""Synonyms of administrative French, as whole words: a line holds words that may be exchanged.

Verbs are given with the noun made from them. Words that rise or fall, allow or forbid, give or
receive stand on lines of their own, never with their opposites.
"""

from __future__ import annotations

SYNONYMS = """
payer payé paie paiement verser versé versement régler règlement acquitter débourser mandater
accueil accueillir accueilli recevoir reçu reçoit réception hébergement
durer duré dure durée prolonger prolongé étendre
manque manquer faute défaut pénurie absence insuffisance
suppression supprimer fermeture fermer disparition disparaître
financer financement subventionner subvention cofinancer abonder apporter payer
gérer gestion administrer administration
réaliser réalisation effectuer mener conduire exécuter exécution
réparer réparation remettre refaire réfection
démolir démolition détruire destruction raser
loger logé logement héberger hébergé abriter
train trains ferroviaire rail ligne
vélo vélos cyclable cycliste bicyclette
piéton piétons marche marcher pied
trajet déplacement parcours itinéraire
salarié salariée employé employée employés travailleur
commerce commerces boutique magasin commerçant commercial
élève élèves scolarisé écolier collégien lycéen
enseigner enseignement cours leçon
malade patient maladie pathologie affection
pompier pompiers secours
jeune jeunes jeunesse
famille familial familiale ménage foyer
pauvre précaire précarité modeste défavorisé
dette emprunt endettement prêt
excédent bénéfice solde
déficit perte découvert
ramassage ramasser collecte collecter
arbre arbres planter plantation boiser
agriculteur agricole agriculture paysan exploitant
éleveur élevage bétail
sécheresse sec aride
inondation inonder crue submersion
pluie pluvieux pluviométrie précipitation
ordinateur ordinateurs poste machine terminal
logiciel application outil programme
données donnée informations
fichier base registre
serveur hébergement
panne dysfonctionnement défaillance avarie
examiner examen étudier étude analyser analyse instruire instruction
interroger interrogé questionner sonder consulter
dire affirmer indiquer
estimer juger considérer trouver penser croire
espérer souhaiter vouloir
contester critiquer dénoncer
défendre soutenir plaider
délai échéance terme
reprendre redémarrer relancer
poursuivre continuer maintenir poursuite
transformer convertir conversion transformation
donner fournir remettre livrer procurer apporter mettre
autorisation autoriser permis permettre agrément
suffisant suffire suffit
rare rares rarement peu
moitié demi
éloigné distant lointain loin
ancien antérieur précédent
difficile difficulté malaisé
dangereux danger risque risqué péril
plein complet
entrer entrée accès accéder
revenir retour retrouver retrouvé
prendre pris
faire fait
bâtiment bâtiments immeuble édifice local construction
travaux chantier ouvrage opération
arrêt arrêter interrompre interrompu interruption suspendre suspendu suspension
procéder procédure
amende pénalité sanction
plainte réclamation recours
voisin limitrophe proche
augmenter augmentation accroître accroissement progresser progression hausse hausser croître
  croissance monter remonter redresser rebondir gagner bondir grimper
baisser baisse diminuer diminution reculer recul réduire réduction décroître chuter chute
  descendre ramener perdre perdu tomber
dépasser excéder supérieur
inférieur moindre
comparer comparaison rapporter
obtenir obtention recevoir reçu remporter gagner décrocher
bénéficier toucher percevoir recevoir droit
attribuer attribution accorder octroyer allouer décerner
céder cession vendre vente aliéner
acquérir acquisition acheter achat racheter
louer location loyer bail
confier charger déléguer mandater missionner
diriger direction piloter pilotage conduire mener encadrer
présider présidence président présidente
siéger siège membre
composer composition compter comprendre comporter réunir
élire élu élection désigner désignation nommer nomination
voter vote adopter adoption approuver approbation valider délibérer
rejeter rejet refuser refus écarter repousser abandonner exclure éliminer
proposer proposition suggérer suggestion
recommander recommandation préconiser préconisation conseiller
demander demande solliciter sollicitation réclamer requérir exiger souhaiter
obliger obligation imposer contraindre contrainte exiger devoir
inviter inciter encourager appeler
interdire interdiction prohiber
annoncer annonce promettre promesse engager
prévoir prévision prévu programmer planifier envisager attendre attendu escompter projeter
reporter report repousser différer décaler ajourner
commencer début débuter démarrer démarrage lancer lancement entamer
terminer fin finir achever achèvement conclure clore clôture
ouvrir ouverture inaugurer inauguration
entretenir entretien maintenance maintenir
nettoyer nettoyage propreté laver
rénover rénovation réhabiliter restaurer restauration moderniser
agrandir agrandissement étendre extension élargir
équiper équipement doter munir installer installation disposer posséder
utiliser utilisation utilisateur employer emploi servir usage recourir
consommer consommation utiliser
produire production fabriquer fabrication générer
rejeter rejet émettre émission
chauffer chauffage chaleur thermique
éclairer éclairage lumière lampadaire
distribuer distribution répartir répartition ventiler
envoyer envoi transmettre transmission adresser expédier communiquer parvenir
publier publication diffuser diffusion paraître
informer information avertir prévenir aviser
signaler signalement alerter alerte déclarer
enregistrer enregistrement inscrire inscription recenser
compter compte dénombrer recenser comptabiliser
mesurer mesure relever relevé
constater constat observer observation relever noter
vérifier vérification contrôler contrôle inspecter inspection
surveiller surveillance suivre suivi
évaluer évaluation estimer estimation chiffrer chiffrage
découvrir découverte révéler trouver déceler détecter
résoudre résolution régler
protéger protection préserver sauvegarder sécuriser
menacer menace exposer
attaquer attaque agresser agression pirater piratage cyberattaque intrusion
porter apporter amener déposer dépôt
toucher touché affecter concerner frapper atteindre
concerner viser intéresser porter
participer participation contribuer contribution prendre
assister présence présent
réunir réunion rencontrer rencontre rassembler assemblée séance
discuter discussion débattre débat échanger
consulter consultation concertation concerter
accepter acceptation consentir accord
signer signature parapher conclure
respecter respect conforme conformité appliquer application
enfreindre infraction violer violation manquement
modifier modification changer changement évoluer évolution réviser révision
revoir revue revu réexaminer réexamen réviser révision
remplacer remplacement substituer succéder
supprimer retirer enlever ôter effacer
conserver conservation garder stocker stockage archiver
renouveler renouvellement reconduire reconduction proroger prolonger
annuler annulation abandonner abandon renoncer
réussir réussite succès
échouer échec
améliorer amélioration meilleur mieux
dégrader dégradation détériorer aggraver empirer
renforcer renforcement consolider accroître
faciliter simplifier alléger
ralentir ralentissement freiner
accélérer accélération rapide
résider résident habiter habitant domicilier domicile vivre
naître naissance natalité
mourir mort décès décéder mortalité
soigner soin soins traitement traiter
travailler travail exercer activité emploi
embaucher embauche recruter recrutement engager
former formation stage apprentissage
étudiant étudiants universitaire
enseignant enseignants professeur
visiter visite visiteur fréquenter fréquentation
voyager voyage transporter transport circuler
conduire conducteur chauffeur
stationner stationnement parking garer
route voirie chaussée rue
pont ouvrage viaduc
eau hydraulique aquatique
déchet déchets ordure ordures détritus
énergie énergétique électricité électrique
forêt bois forestier boisé sylvicole
mer maritime marin littoral côte
région régional
département départemental
état national étatique gouvernement
impôt taxe fiscal fiscalité redevance contribution
tarif prix coût coûter
dépense dépenser coût coûter charge frais
recette recettes revenu ressource produit
crédit crédits budget budgétaire enveloppe dotation
investir investissement
rembourser remboursement
garantir garantie caution cautionner
assurer assurance garantir
posséder propriétaire détenir appartenir
terrain parcelle foncier emprise
mairie maire municipalité municipal
agent agents fonctionnaire personnel effectif salarié
cadre cadres encadrement
dirigeant patron chef directeur responsable
syndicat syndical syndiqué
association associatif
adhérent adhérents membre cotisant
client clients clientèle usager acheteur
fournisseur prestataire titulaire attributaire
erreur faux inexact erroné
frais gratuit gratuitement gracieux
gratuit gratuité gratuitement exonérer
libre librement liberté
égal identique même équivalent inchangé stable
différent distinct autre
principal essentiel surtout principalement majeur
souvent fréquemment régulièrement fréquent habituellement
toujours constamment permanence
aussitôt immédiatement sitôt
désormais maintenant aujourd'hui actuellement actuel
auparavant précédemment avant antérieurement
ensuite après puis ultérieurement
nombreux plusieurs multiples beaucoup
seulement uniquement exclusivement seul
presque quasi quasiment près
environ approximativement quelque
entièrement totalement intégralement complètement total
partiellement partie partiel
ensemble conjointement commun
annuel annuellement année an
mensuel mensuellement mois
hebdomadaire semaine
quotidien quotidiennement jour
habitant habitants population démographique
route rouler circuler circulation
raccorder raccordement brancher connecter relier desservir
recueillir collecter obtenir
arbre arboré boisé
redresser remonter rétablir reprise
découvrir révéler détecter relever
rédiger rédaction écrire écriture
relire relecture
enlever retirer retrait
dresser établir élaborer élaboration
créer ouvrir
voisin alentour proximité
vétuste ancien dégradé
agrément autorisation habilitation
téléphone appel appeler téléphonique
internet ligne web numérique
incendie feu brûler
jury commission
rapporteur rapport
échantillon enquêté interrogé répondant
sondé répondant interrogé
recours contestation contester
récent nouveau dernier
bilan résultat
calendrier échéancier planning
consigne instruction règle
charte règlement
partenaire partenariat
tri trier recycler recyclage
hausse renchérissement
pénurie manque rare
fuite perte
sécheresse canicule chaleur
plafond maximum limite
seuil minimum plancher
quota part proportion
taux part proportion pourcentage
nombre quantité volume effectif
coût facture montant dépense
tarification tarif prix
revenu salaire rémunération paie
prime indemnité gratification
congé vacances repos absence
préavis délai
contrat bail convention
emploi poste métier
chef responsable cadre
arrêter abandonner abandon cesser
craindre crainte risque risquer redouter
relier liaison lien lier
"""
