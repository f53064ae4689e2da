"""Plain, short, blunt, misspelt and second-language comments, written for measuring: all of them coherent."""

PLAIN = tuple(
    """
Well said!
No.
Yes please
lol
This.
Agreed.
I agree with you
What a joke
Thank you!
So true
Who cares
Good riddance
About time.
Not again...
He is right
You are wrong, sorry.
Enough already!!
Vote them out
shame on you
Total waste of money
Great article, thanks.
And? What now?
Nonsense.
Boring
Finally some good news
I don't buy it
Prove it.
Says who?
Try reading the article first
Same here in Leeds
My thoughts exactly
Nope, not happening
Fire the lot of them.
Do your job!
Another tax. Surprise surprise.
Hear, hear
Rubbish
It's the economy, stupid.
they all lie
ban it
Ridiculous!
Follow the money.
Oh please.
Why? Just why?
Not my problem
Could be worse
We told you so in 2015.
Good point, Anna.
haha no
ok but who pays
LOL what a clown
RIP to a great man
Brilliant idea :)
ugh, mondays
i dont beleive a word of it
goverment should be ashamed of theirselves
thier going to raise the rent agian
u cant be serious rite now
idk why ppl even read this
cant wait till there all gone tbh
my nan died waitin on that ambulance so dont tell me its fine
wat a load of rubish
definately not true
its to late now they shoud of done it years ago
im so done wit dis city
smh this country man
da bus never come on time no more
He be lying all day every day
We was there and it weren't like that at all
Y'all need to calm down
I ain't paying for nobody's stadium
Aye, that'll be right
Nae chance o' that
Me and him seen it with our own eyes
Them politicians don't know nothing about farming, innit
Is very good that mayor do this, people here need the water.
I am living here twenty year and never see such thing
In my country also they promise many thing before election
Please to fix road, my children must walk in the rain
Why government not help small shop? We pay tax too.
The doctor was say me to wait, so I wait four month
I think article is not explain why price go up
Nobody ask us what we want, this is problem
THIS IS EXACTLY WHAT I SAID LAST YEAR
STOP WASTING OUR MONEY!!!
wow just wow
so sad :(
Well, that didn't age well.
Sure, because that worked so well last time.
Nobody reads page nine.
Bring back the old tram.
The bridge is closed again, take the ferry.
Snow by Friday, they say.
My dog could run this council better
Cheaper than rent, I suppose.
1.2 million for a fountain?
2016: promised. 2024: still waiting.
Both sides do it
It is what it is
No no no, please no
Yeah, yeah, yeah.
ha ha ha good one
Never mind
Get well soon, Mr. Alder!
Where do I sign?
+1
100% this
Third time this week.
Ask the nurses, not the consultants.
Sounds familiar...
The mayor should resign, and so should half of the board.
As a teacher I see this every single day.
I voted for him and I regret it.
Can somebody explain what a bond is?
Trains are late because of leaves? Really?
My rent went up 300 in one year, tell me again how inflation is over.
You obviously never worked a night shift
If they close the library the kids have nowhere to go after school.
Less talk more action
Old people vote, young people complain, nothing changes.
Eat the rich
Money talks, as always
Love it, hate the price though
Not everybody has a car!
Cry me a river
Typical.
Too little too late
""".strip().splitlines()
)
