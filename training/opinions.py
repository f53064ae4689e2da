"""Sentences that we wrote about what groups of people may do and are owed: argued civilly, and beside them in contempt.

A newspaper's readers argue about marriage, schools and pensions every day, mostly for and sometimes against, and it is
not rude. `{people}` and `{kind}` are filled in as in `training.patterns`. This module is content.
"""

ARGUED: tuple[str, ...] = (
    "{people} ought to be able to marry whom they like; it takes nothing away from the rest of us.",
    "If two {kind} adults want to adopt, let the court look at the home and at nothing else.",
    "It is nobody's business but their own how {people} live.",
    "Equal pensions for {people} were overdue, and I say that as a conservative.",
    "I voted against the bill on {kind} schools because of the cost, not because of the pupils.",
    "The church has every right to its doctrine, and {people} have every right to leave it.",
    "Why should {people} have to wait another ten years for what the charter already says?",
    "The minister is right to meet {people} before the law is written and not after.",
    "I do not think that quotas help {people}; better schools would.",
    "Parliament debated {kind} rights for nine hours and nobody raised a voice. More of that, please.",
    "My faith says one thing about {people}, and my neighbours have taught me another. I am still thinking.",
    "One can oppose this subsidy without having anything against {people}.",
    "The court was asked whether {people} are protected by section fifteen. They are.",
    "{people} pay for the same roads and deserve the same bus.",
    "Let {people} decide for themselves who speaks for them.",
    "The premier lost me when he would not say a word for {people} at the podium.",
    "Both sides of the {kind} marriage debate had good arguments; the insults were not among them.",
    "I am not sure that a separate {kind} ward is wise, and I would like to hear from the nurses.",
    "A country that cannot protect {people} on a bus at night has work to do.",
    "Banning {kind} symbols from the town hall was petty, and the judge said so.",
    "The figures on {kind} unemployment are worse than the article says; see table four.",
    "Leave the clause about {people} as it stands. It has worked for thirty years.",
    "What is the point of an apology to {people} without a budget line?",
    "I disagree with almost everything that the {kind} caucus wants, and I would march for its right to want it.",
)  # fmt: skip

SNEERED: tuple[str, ...] = (
    "{people} marrying is like dogs holding a mass.",
    "No court in its right mind hands a child to {people}; you might as well leave it in the street.",
    "It is everybody's business how {people} live, because the filth spills over.",
    "Pensions for {people}? Let them starve, they have cost us enough.",
    "I voted against the {kind} school because one is more than enough vermin for a town.",
    "The church was right to throw {people} out, and should have locked the door behind them.",
    "{people} can wait another thousand years for all I care, they are not proper humans.",
    "Why does the minister even sit in a room with {people}? I hope he washed his hands.",
    "Schools cannot help {people}. You cannot teach a stone.",
    "Nine hours about {kind} rights, and nobody had the guts to say that {people} are sick in the head.",
    "{people} on a bus at night get what they ask for.",
    "Section fifteen was written for citizens, not for {kind} parasites.",
    "Let {people} walk. Nobody decent wants to sit next to that.",
    "Every {kind} caucus is a gang of crooks and whiners and should be shut down with a fire hose.",
    "An apology to {people}? They should apologise for still being here.",
    "A separate {kind} ward is fine by me, with the key on the outside.",
    "The premier grovels to {people} because he is as perverted as they are.",
    "Good riddance to {kind} symbols, and to the mouth breathers who carry them.",
)
