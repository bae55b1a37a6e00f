"""Families of sense in administrative French, found by the beginnings of their words.

A line, with those indented below it, is a family: beginnings of stems (``words.stem``), or whole
stems where they end in « = ». A word may stand in several families.
"""

from __future__ import annotations

FAMILIES = """
vot adopt approuv approb valid deliber enterin ratifi homolog
cre= creat creation cree= instit= institu mis= mettr mett instaur fond= fonde fondat etabl
commenc debut demarr lanc entam inaugur initi= initier amorc
termin achev fin= fini conclu clotur clos boucl
consacr allou attribu accord= octroi affect destin dedi reserv mobilis depens finan vers= verse
  versement invest demand absorb employ pass= passe
attribu confi= confie charg revien reven remport gagn obten obtien obtin decern adjug laureat
  titulair emport recoi recev recu
prevoi prevu prevision program planifi attend envisag projet projett anticip escompt inscr
transm remi= remis= remise remett envo adress communiqu notifi livr= livre livraison expedi
  parven
expliqu rais= raison motif caus provien proven result decoul imput impute imputabl origin suit=
  suite entrain provoqu lie= lies tien= tient attribu engendr
pres= present expos montr
chois choix reten retien retenu design selection opt= opter option prefer decid decis tranch
accord= entent entendu consensus convenu
acces access entr= entrent accede
arret interromp interrompu interrupt suspend suspens
chanti traval travau ouvrag
retrouv reven recouvr redev
reun rencontr rassembl sieg
besoin necess requi requier requer exig impos fal= faut= faudr obligatoir oblig doi= doit
rec= recoi recev recu recept benefic percoi percev percu encaiss touch obten obtien revien
  dispos du= due= dus= droit vers= verse
ouvr ouvert acced access propos offr offert permet permi permis peut peuv pouv opt= opter
vien ven= venu venir provien proven issu origin
soum soumet sais= saisi saisin present
constru bat= bati edif erig realis
elu= elect elir elis
acquer acquis acquier acquisit achat achet rachat rachet vend vendu vent= vente cess= cession
  ced= cede ceder aliene
cout coute pri= prix tarif montant depens chiffr= factur pay= paye pai= paie paiement rencher
  budget somm= somme valeur frais
chiffr evalu estim valoris calcul
poss= posse possed dispos equip dot= dote doter deten detien muni pourvu compt= compte comport
serv= sert= utilis usag recour recouri emploi employ exploit mani= manipul
repart etal etale echelonn ventil distribu partag
report repouss differ= differe decal ajourn retard recul
sub= subi= subir victim touch affect frapp
licenci ruptur romp rompr rompu revoqu congedi
habit domicil resid= resident residenc log= loge logent demeur vivant vivent viv=
voyag transport deplac traject circul mobilit
automobil voitur vehicul auto= conducteur
soin soign sant= sante medic medecin sanitair
reli= relir relu= relis relectur
redig redact ecri ecrir
retir retr= retrait
supprim suppress retir retr= enlev efface
embauch recrut recru
effectif agent salari personnel employe travailleur fonctionnair collaborateur poste= post= etp
habitant population popul= administr resident citoyen person
usager utilis client public abonn voyageur passager
eleve elev= lyceen collegien ecolier scolair apprenant
enseign professeur formateur instituteur
enfant mineur jeun=
entrepris societ firm= firme compagn prestatair operateur
patron dirigeant chef responsabl directeur directric direct=
commun= communal municip vill= ville mair= mairi local
etat= national gouvern
document rapport not= note text= texte dossier
enquet sondag etud= etude questionnair barometr interrog sond= sonde
recens denombr compt= compte comptabilis
affich publi= publie publier public diffus visibl
mention signal signale indiqu precis
annul abandon renonc
refus rejet ecart= ecarte declin repouss oppos non=
accept consent approuv agre= oui=
autoris permi permet permis habilit agrement agre= droit
interdi prohib proscri exclu
oblig contraint impos imperat astrei exig devoir
invit incit encourag recommand preconis suger sugger propos exhort conseil= conseille
aid= aide souten soutien appui accompagn subvent secour
credit envelopp budget dotat financ
impot tax= taxe fiscal redevanc prelev
revenu ressourc recett
emprun dett= dette
redui reduct baiss diminu abaiss recul
limit plafonn plafond born= borne restrei restrict maxim
depass exced surpass superieur
renouvel reconduct reconduit reconduir prolong prorog
remplac substitu succed relev= releve
modifi evolu transform revis amend rectifi corrig correct adapt chang
ajout complet supplement addition plus= outre
amelior progress perfection renforc
renforc accr= accroi consolid intensifi
degrad deterior aggrav empir
dur= duree period delai temps
delai echeanc term= terme
annee= ann= an= ans= annuel exercic
mensuel mois=
semain hebdomad
heur= heure horair
precedent anterieur avant auparav
desorm maintenant aujourd actuel present=
rapid= vit= vite celer
frequen souvent couram regulier habituel generalement toujour
princip essentiel surtout majeur majorit plupart avant=
seul unique uniqu exclusiv seulement
total= totalit ensembl entier integral global
moit demi
moyen moyenn
egal ident mem= pareil equival
proch= proche voisin
eloign loin distan
mesur= mesure quantifi
test= teste essa= essai essay experiment pilot
reper detect identifi reconn decel decouvr
verifi control inspect examin audit
surveill suiv= suivi observ
constat observ relev not=
analys etudi examin
plaint plaign reclam contest deplor regrett
demand sollicit reclam requet souhait voul veut veulent appel= exig
form= forme format formation stag= stage
chomag chomeur
hopital hospital hospitali cliniqu
medecin docteur praticien generalist
energ electr electricit
consomm consommat
chauff chal= chaleur therm
dechet ordur
pollu emiss emet
pert= perte perd perdu gaspil fuit
repar refai refect renov rehabilit
batiment immeubl local= locaux edific
logement habitat appart maison foyer menag
locat= loyer loc= loue louer lou=
terrain parcell foncier
ecol= ecole etabl
rout= route voir= voirie chauss
ordinateur machin informat
numeriqu digital
internet web= ligne= site
raccord branch connect relie
coupur pann= panne interrupt indisponibl tomb
attaqu cyberattaqu pirat intrus
securit protect proteg sauvegard
donn= donne fourni livr= remi= remis= procur
conten contien renferm compren inclu comport compos trouv
conserv gard= garde stock archiv mainten maintien
heberg accueil recev recoi
efface supprim detrui destruct
transfer transfert deplac demenag
nomm= nomme nomin design promu
dirig direct= conduit conduir pilot gere= gerer gest encadr anim= assur
particip assist associ contribu
sign= signe conclu signatur
contrat marche= marché convent accord=
prestatair titulair attributair fournisseur
offr propos soumission candidat
inscri inscript enregistr
plaint recour conflit litig
regl= regle norm= norme disposit prescri
loi= legisl decret
respect conform appliqu
viol enfrein infract manqu
sanction penalit penalis puni
absen manqu defaut depourvu priv= prive
insuffi manqu
efficac perform rendement
excellen bon= bien
import consider majeur
petit faibl modest
nombreu multipl beaucoup
nouveau nouvel neuf recent
gratui exoner
exempt dispens exoner
pay= paye vers= verse regl= regle acquit mandat
coush cher= couteu onereu
plant= plante replant replante
agricol agricultur ferm= ferme paysan exploit
tourism tourist visit
frequent affluenc visit
bibliothequ mediathequ
repas cantin restaur
policier polic= police gendarm
sinistr accident
mort= dece deced tue=
ecout enten audition
parl= dit= dis= disent dire declar affirm indiqu expliqu estim precis rappel soulign ajout
  racont temoign assur annonc repond
engag promis promet promess assur
tair silenc tais
rien zero nul= aucun
rest= reste subsist demeur stabl mainten
dispar ferm= ferme fermet cess= cesse arret
rouvr reouvr reouvertur
objectif but= vis= vise cibl ambit
attein parven
restitu rendr ren= rendu redonn
apport contribu fourn
depos depot remis=
charg= charge assur port= porte pris= prend prendr incomb revien
outil logiciel applic system disposit
nuit= nocturn soir
hiver hivernal
printemp printan
automn automnal
ete= estival estiv
femm= femme feminin
homm= homme masculin
handicap invalid
organis prepar
deroul lieu= tien= tenu= tenir organis
figur apparai inscri trouv
ecart differ differenc
gain= gagn econom
econom epargn
multipli augment hauss accroi progress croiss croit
tri= trie trier tria
seanc reunion session pleniere assemble
charge= respons pilot
charter charte
debat discut discuss echang
approfond detaill
menac risqu danger
peur craint crain redout inquiet
confian fiabl
personnel= nominat individuel
collect= collectif commun=
rapproch compar crois=
parcour traject itinerair
garant cautionn assur
bailleur proprietair
abri= heberg accueil
vieill age= senior retrait=
emport gagn remport
command achat achet
"""
