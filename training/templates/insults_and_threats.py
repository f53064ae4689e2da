"""Sentences that we wrote about threats and insults: made, and beside them only reported, denied or meant fondly.

No frame occurs in a set that we measure on, nor in the suite. `{called}` is an insult with its article, `{victim}`
somebody who is written about. This module is content; `training.augmentation.generate` fills it in.
"""

CALLED: tuple[str, ...] = (
    "an idiot", "a moron", "stupid", "a pig", "a clown", "a liar", "worthless", "a fat cow", "a loser", "a rat",
    "brainless", "an ugly witch", "a coward", "a waste of space", "disgusting", "a dumb ass", "scum", "pathetic",
    "a fraud", "a piece of trash",
)  # fmt: skip

REPORTED: tuple[str, ...] = (
    "At work they call me {called} behind my back, and it wears you down.",
    "The coach shouted that our goalkeeper was {called}; he is suspended for two games.",
    "According to the transcript, the witness was called {called} four times before lunch.",
    "Her letter says that a stranger on the tram called her {called}.",
    "My daughter came home in tears because an older boy had said she was {called}.",
    "The tribunal found that calling a colleague {called} in a meeting is harassment.",
    "When a subscriber writes that our reporter is {called}, we still answer politely.",
    "He has apologised for having called the referee {called}.",
    "You do not become {called} by losing an argument about a roundabout.",
    "I don't believe that anybody in this thread is {called}; we remember the vote differently.",
    "It is unfair to call the mayor {called} for a delay that the weather caused.",
    "Why must every second thread end with somebody being called {called}?",
    "I may be {called}, but I can still read a bus timetable.",
    "For years I thought that I was {called}; it turned out that I needed glasses.",
    "Please stop calling each other {called}. It helps no one.",
    '"{called}", he wrote under her photograph, and then deleted the account.',
    "My grandmother was called {called} on the ferry in 1961 and still speaks of it.",
    "The survey asks how often nurses are called {called} by patients.",
    "My best friend says that I am {called} for not liking olives, and I adore her.",
    "Nothing in the article suggests that the driver is {called}.",
    "I felt {called} when I saw that I had read the wrong table. Apologies to all.",
    "A poster at the bus stop said that teachers are {called}. Somebody has taken it down.",
)
"""Harmless, whatever the word."""

SAID: tuple[str, ...] = (
    "At work they call you {called} behind your back, and they are right.",
    "The witness was called {called} four times before lunch, which is four times too few.",
    "Somebody ought to tell your daughter that her father is {called}.",
    "No tribunal will stop me from calling you {called}, because that is what you are.",
    "I don't believe that everybody in this thread is {called}. Only you.",
    "Why does every second thread have to have you in it? You are {called}.",
    "You can read a bus timetable and you are still {called}.",
    "One need not lose an argument to be {called}: look at yourself.",
    "He has apologised for having called you {called}. I will not.",
    "For years I thought that you were merely shy; in truth you are {called}.",
    "Please stop pretending. Everybody can see that you are {called}.",
    "Your grandmother must be so proud of having raised {called}.",
    "The survey forgot to ask why people like you are {called}.",
    "Everything in the article suggests that the driver is {called}, and the owner too.",
    "Feel {called} yet? You should.",
    "The poster was right: teachers are {called}, and this one is the worst.",
)
"""The same words, aimed at somebody."""

VICTIMS: tuple[str, ...] = (
    "the author", "that judge", "the mayor", "this reporter", "the referee", "my landlord", "the minister",
    "the owner of this paper", "that teacher", "the head of the council", "her brother", "the police chief",
)  # fmt: skip

MENACED: tuple[str, ...] = (
    "{victim} will get a visit from us before the week is out, and not for tea.",
    "Someone should put {victim} in the ground.",
    "If {victim} dares to show up on Saturday, there will be blood.",
    "{victim} has a lovely house. Wood burns well.",
    "It takes one shot to be rid of {victim}, and I do not miss.",
    "Let us see how brave {victim} is with a knife at the throat.",
    "One of these nights a car will run over {victim}, and I may be at the wheel.",
    "Tell {victim} to keep the curtains shut from now on.",
    "I own a crowbar with the name of {victim} on it.",
    "{victim} should be beaten until the lights go out.",
    "The day is near on which {victim} is dragged out into the street and strung up.",
    "Drown {victim} in the harbour and be done with it.",
    "I am going to strangle {victim} with my own hands.",
    "A few of us have talked about what is going to happen to {victim}. It will hurt.",
    "Accidents happen to people like {victim}, especially on dark stairs.",
    "Kill {victim} first and ask questions later.",
    "We know which train {victim} takes home.",
    "Somebody shoot {victim}, please, before it gets worse.",
)
UNHARMED: tuple[str, ...] = (
    "{victim} will get a letter from us before the week is out.",
    "Someone should put {victim} in touch with the tenants.",
    "If {victim} shows up on Saturday, there will be coffee and cake.",
    "{victim} has a lovely house. Wood is so much warmer than brick.",
    "It takes one call to reach {victim}, and I have made it.",
    "Let us see what {victim} says once the figures are out.",
    "Somebody drove {victim} home that night, and I was at the wheel.",
    "Tell {victim} that the window in the hall is broken.",
    "I own a book with the name of {victim} in it.",
    "{victim} deserves a rest after a season like this.",
    "The day is near on which {victim} has to answer the committee.",
    "They pulled {victim} out of the harbour, cold but unhurt.",
    "A man was charged with having threatened {victim}, said the police.",
    "A few of us have talked with {victim} about the playground. It will be mended.",
    "Accidents happen on those stairs; {victim} slipped there in March.",
    "Ask {victim} first and vote later.",
    "We were on the train that {victim} takes home, and it was late again.",
    "Somebody photographed {victim} at the parade, and the picture is splendid.",
)
"""The twins of MENACED: the victim is named in both, and nobody is to be harmed."""

MENACES: tuple[str, ...] = (
    "I know your car and I know where you park it.",
    "Sleep with one eye open, because we have found your street.",
    "You will pay for this column with your teeth.",
    "Come over here and repeat it, and the paramedics can scrape you up.",
    "I hope that somebody sets fire to your office while you are in it.",
    "Your kids walk home past my window, did you know?",
    "You have a week to take this down, and then I come to you.",
    "I will cut your throat, you hear me?",
    "They will find you in a ditch one morning.",
    "Nobody will hear you scream out there, remember that when you write.",
    "I would love to put a bullet through that smile of yours.",
    "Start saying your prayers, I have your address.",
)
CHEERFUL: tuple[str, ...] = (
    "I know your car, it is the blue one with the surfboard, hello neighbour!",
    "I sleep with one eye open since the baby came.",
    "You will pay for this concert with a smile: entrance is free.",
    "Come over here and repeat it, I could not hear you over the band.",
    "I hope that somebody puts a heater in your office this winter.",
    "Your kids walk home past my window and always wave.",
    "You have a week to send in your photographs, and then the jury meets.",
    "I will cut the ribbon myself if the minister is late.",
    "They found my cat in a ditch one morning, alive and very cross.",
    "Nobody will hear the trains behind that new wall, I hope.",
    "My idiot of a dog ate the sports pages, and I love him for it.",
    "You magnificent bastard, you finished the marathon!",
    "My stupid knees and I will watch the race from the balcony.",
    "Oh shut up, you two, you are making me laugh on the bus.",
)
