"""Words of their own, names, and words of other languages that one slip parts from a rude word: never read as it.

Gathered from word frequencies in twenty languages, with the misspellings that are as likely to be of an ordinary word.
A word that belongs here and is missing is put in by hand.
"""

_NOT_PROFANITY = """
abus amis amus anis annus anslutit ansu anys araes ares aress arogant arrogans arroganta arsea arsed ases asess asse
assed assess assez asshet asshets asss assses back backs bagger baggers bastaard bastarda batard batches batching
begger beggers bgger bggr bgot bigger biggers bigo bigote bigotes bigt billy biot birch birches birching bish bitc
bith blacka blck blcks blicks bllock bllocks blly blocks blucks bogger bogot bolock bolocks botch botches botching
brndd buffon buger buggar bugge bulky bull bullock bullocks bullshot bullt bullu buly bulyl bustard bustards butch
butches bygger cance cances caner cappy carp caward cawards ceap ceep ceooked certin cetin christia christiaan
christiana christiane christias christien christin christina christinas christion chrstn cick clon clow cnts coard
coards cocs coers coks concer concers conos cooked cookeds coroked cowardy cown cray cree crep crepe cretan cretans
cretina crewp crimina criminel criminels cristian cristians croaked crookes croppy crotin crtn crtns ctooked cubt
cubts cumt cumts cunta cuny cutn cutns cuts cward cwards damb dammed dann dchs dcks deckhead degenerated depar derange
dgenerate dicka dics diety diks dimit dirt disfraces disgraced ditty divel dmnd dock dockhead docks dorty douce douces
dravel driel drival drive drivek driveks drives drivesl drivle drivles drovel duche duck ducks fackin fagot fascis
fascista feak feckin fecking feminis feminista fick ficker filt fiol fith flrs flsh focker fockers foil foils folos
fols fook fooks foold foos foulish fpolish frak frea freal fucka fucki fuckit fulth fuq gabrage garabge garage garages
garnage garvage goddam halfwat hatful hitlera homosexuel homosexuels homossexual hypocriet idio idioot idiota idioti
ignoramos ignoran ignorans ignorat imbecil imbecili imbecille inane indane inet inpt insan insana insani insano jers
jwish kies kiked kiks kiled kille killet kokes krap kunt lair lairs lars lasers lesbia lesbiana liaes liara liard lias
liat liats liberal liberala liberald liberasl lira liras lirs lisrs loar loder loer loers loof looser lose losee
losees loses losesr losets losres losrs lossers luar lusers magot magots manster mansters marder masturbare
masturbated mdcr mdcre mediocri mediocru menals menta mentaal mentala merder metal metally metals mexica mexicaan
mexicaans mexicana mexicon minster minsters mintal miron miserabel mislim mnstr mnstrs mntly mobster mobsters moeon
monstars monstera monstre monstres monter moon moons moorn morans morder morders morens morin morn morno morns moro
moroni moros moslim moslims moster moton mrns munster munsters murdar murer musim musli muslima muslin muslins myrder
myslim nagger nais nast naty naxis nazia ngga niger nikka nonsens numskull parasiet parasit parasita parasitas
parasito parc passed peeples peick peicks peis peni pens pensi peoplea peopled pervers perverst peuple peuples pias
pick picks pids pircks pirn pisa pisse pmps poen pompos poorn porm poss pric pricka prics prik prock procks pron
propagand propagandaa propagande propagandi propagandu prst prsts psis pssd pssed psych psyche psyches psychosexual
psychotherapist psychotherapists psychs ptick pticks pudsy puss pussed pussi pusy pyssy quee queet quer quere racesm
racista raed rail rapd rapidt rapis rapped ratten rdent reard rearded reards redrum resol retads retar retarde retten
rettens rident ritten rodant roden rodentia rodet roent roten rottan rotte rotton rped rtrd rttn rutten sacken sacker
sammer savae savaes savaged scds scim scks screed screeds scummer secker seist sessa sexista sexit sexuala sexuel
sexuels sexul sgits shatty shetty shir shirs shirty shis shist shita shitts shittu shot shots shotty shuts sicker
siken silky sill sithole sits sjits skum slily slit slits slly slts slur slurs sluta slutt sluys socken socker solly
spasti stupida stupide sucer sucj suckar sucken sucket sucs suicida suicidas suicided suicidi suicido sully sult suts
svage svgs tannie tanny tash terrorista thieve thieved toll tolls torll trah traiter tranne trant tras trator trds
trells trill trills trinny trol trolla trollz trtr ttoll turda turfs turs tyran tyrans vagana vagin vagine vaginu
vagona vaina vainas varmin verin verman vermen vermi vermis vermon vmit voit vomi vomir vommit waker waner wanke weird
weirda weirdi weirdp weirds weirdu wgore wheres whie whit whitea whited whits whoe whoes whor whored whorse whre whrs
whts wiman winker winkers wite wites wjore wman woan wohre woma wome wonen wore wores wrds youporn
"""

NOT_PROFANITY = frozenset(_NOT_PROFANITY.split())
