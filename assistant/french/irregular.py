"""Words of one root whose stems differ: irregular verbs, and the nouns made from them.

A line is a family, in the notation of ``senses``: beginnings of stems, or whole stems where they
end in « = ».
"""

from __future__ import annotations

ROOTS = """
connaitr connait connaiss connu connus= connaissanc reconnaitr reconnu reconnaiss
voir= vu= vue= vus= voi= voit voient visible vision
fair= fait= faits= fer= feront faisant
prendr prend prenn pris= prise= prises= pren=
mettr met= mett mis= mise= mises=
dir= dit= dits= dis= disent
savoir su= sait savent
pouvoir peut peuv pouv pourr
vouloir veut veul voul volont
recevoir recoit recoiv recu= recus= recue recept
tenir tien tienn tenu= tenus= tenue
venir vien vienn venu= venus= venue
obtenir obtien obtienn obtenu obtent
mainten maintien maintienn maintenu
souten soutien soutienn soutenu
deten detien detienn detenu detent
convenir convien convienn convenu convent
interven intervien intervienn intervenu intervent
parven parvien parvienn parvenu
lir= lit= lisent lu= lus= lue= lectur
relir relis relu= relus= relue relectur
ecrir ecri= ecrit ecriv ecritur
inscrir inscri= inscrit inscriv inscript
souscrir souscri= souscrit souscriv souscript
prescrir prescri= prescrit prescriv prescript
decrir decri= decrit decriv descript
viv= vivr vit= vivent vecu vie=
naitr nait= naiss ne= nes= nee= naissanc natal
mour meur mort deces deced
croitr croit= croiss cru= croissanc accroitr accroi accru= accrus=
elir elis elu= elus= elue elect
chois choix
conduir conduis conduit= conduite conduct
produir produis produit= product
redui reduir reduis reduit reduct
construir construi construct
introduir introdui introduct
traduir tradui traduct
detruir detrui destruct
instruir instrui instruct
permettr permet permis= permiss
admettr admet admis= admiss
soumettr soumet soumis= soumiss
transmettr transmet transmis= transmiss
emettr emet= emetten emis= emiss
promettr promet promis= promess
commettr commet commis=
remettr remet remis= remise
acquer acquis acquier acquisit
requer requis requier requet
resoudr resolu resout resolut
attendr attend attent=
craindr crain= craint crainte
joindr joint joign jonct
atteindr attein atteign atteint
etendr etend= etendu extens
entendr entend= entendu audit
vendr vend= vendu vent= vente
rendr rend= rendu restitu
perdr perd= perdu pert= perte
repondr repond repondu repons
defendr defend= defendu defens
suspendr suspend suspens
dependr depend dependanc
descendr descend descendu descent
rompr romp rompu ruptur
suivr suit= suiv suivi poursuit poursuiv
serv= servir sert= servent servic
sort= sortir sorti= sortis
part= partir parti= partis= depart
cour= courir couru cours course
ouvr ouvrir ouvert ouvertur
couvr couvrir couvert couvertur
offr offrir offert offre
decouvr decouvrir decouvert
accueil accueill accueillir
fuir fuit fuite
valoir valu= vaut= valent valeur
percevoir percu percoi percept
concevoir concu concoi concept
prevoir prevu prevoi prevoit previs previsionnel
pourvoir pourvu pourvoi
exclur exclu exclus= exclut exclus
inclur inclu inclus= inclut
conclur conclu conclus= conclut conclus
appel appell
jet= jete rejet rejett
achet achat achetent acheteur
lev= leve leves relev relevent releve
pes= peser poid= poids
envoi envoy envoyer
pai= pay= paye paiement payer payeur
essai essay
emploi employ employer
nettoi nettoy nettoyag
croir croi= croit= crois croyanc
debat debattr debattu
combat combattr combattu
accord accorder
plaindr plaint plaign
disparaitr disparait dispar dispari disparu
apparaitr apparait appar apparu apparit
nuir nuis nuisibl
satisfair satisfait satisfact
distrair distrait distract
extrair extrait extract
soustrair soustrait soustract
vaincr vaincu victoir
convaincr convaincu
contraindr contraint contraign
eteindr eteint extinct
peindr peint peintur
teindr teint teintur
restreindr restreint restrict
moindr moins=
mieux meilleur
pir= pis= mauvais
ag= age= ages= agee vieill
sain= sant= sante
faibl faiblesse
libr libert liber
public= publiqu publics
entier entierement integral
premier premierement prim=
neuf neuv
frais fraich
long longu longueur
haut hauteur
larg largeur
profond profondeur
lent lenteur
rapid rapidit
vid= vide vident
plein plen=
bas= bass= baisse
gros= gross=
sec= sech secheress
vill urbain
campagn rural
mer= maritim marin
eau= eaux aquat hydr
feu= feux incend
bois= forest foret
pierr lapidair
jour= journe journali quotidien
mois= mensuel
an= annee ann= annuel annu
semain hebdomadair
nuit nocturn
tot= precoc
tard= tardif
main= manuel
pied= pieton
coeur cardiaqu
oeil yeux= ocul visuel
per= patern
mere= matern
enfanc enfant
homm masculin viril
femm feminin
roi= royal
loi= legal legisl legislat
droit juridiqu
eglis ecclesiast
ecol scolair scolarit
vieux vieill vieil
aveugl cecit
chaud chaleur
froid refroid
mensong mentir ment=
voleur vol= voler
trouv trouvaill
montagn montagnard alpin
"""
