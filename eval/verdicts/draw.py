"""Draws what each group and each audit case of the verdicts set shall be, and which part it belongs to.

    python3 eval/verdicts/draw.py > eval/verdicts/draw.tsv
    python3 eval/verdicts/draw.py second > eval/verdicts/draw-second.tsv
    python3 eval/verdicts/draw.py third > eval/verdicts/draw-third.tsv

The draw is random, with a fixed seed, so that no writer chooses what the checks under test are good at. Groups are several passages of several
publishers; audit cases are one document each. A third of each stratum (kind and reason; check and verdict) is the test part, of the third draw one half.
"""

import datetime
import random
import sys

NUMBER = {(): 1, ("second",): 2, ("third",): 3}[tuple(sys.argv[1:])]
SEED = 20261123 + NUMBER
LETTERS = {1: "ga", 2: "hb", 3: "kc"}[NUMBER]
# The test part is one in so many.
TEST = {1: 3, 2: 3, 3: 2}[NUMBER]
FIRST_DAY, LAST_DAY = datetime.date(2024, 9, 2), datetime.date(2026, 10, 30)

GOODS = ["antimony", "gallium", "germanium", "light rare earths (NdPr)", "heavy rare earths (Dy, Tb)", "rare earth magnets", "tungsten", "lithium carbonate", "lithium hydroxide", "spodumene", "cobalt", "nickel", "copper",
         "copper concentrate", "tin", "graphite", "manganese", "uranium", "bauxite and alumina", "aluminium", "platinum and palladium", "silver and gold", "bismuth, indium and tellurium", "molybdenum", "vanadium and titanium",
         "niobium and tantalum", "magnesium", "zinc and lead", "chrome ore and ferrochrome", "batteries and electric vehicles", "fluorspar", "polysilicon"]
PLACES = {"China": 9, "none in particular": 4, "Australia": 3, "Chile": 2, "DR Congo": 2, "Indonesia": 2, "United States": 3, "Japan": 2, "South Africa": 1, "Kazakhstan": 1, "Canada": 1, "European Union": 2, "India": 1,
          "Brazil": 1, "Myanmar": 1, "South Korea": 1, "Peru": 1, "Zimbabwe": 1, "Vietnam": 1, "Malaysia": 1}
PUBLISHERS = {"news agency": 5, "ministry or customs site": 2, "exchange or company notice": 4, "trade press": 5, "national daily": 3, "price reporting agency": 4, "broker note": 4, "portal or aggregator": 3,
              "mining website": 3, "flash news service": 3, "self-media account": 2, "think tank": 1, "industry association": 2}
MEASURES = {"output": 5, "exports": 5, "imports": 4, "price": 6, "inventory": 3, "net profit": 3, "revenue": 3, "capacity": 3, "share of a whole": 3, "quota": 2, "reserves": 2, "sales volume": 2, "tariff": 1, "demand": 2,
            "deal value": 2, "capex": 1, "treatment charge": 1, "share price or index": 2, "operating rate": 1, "installed capacity or vehicle sales": 2}

FIRST_GROUPS = {("agree", "-"): 40, ("round", "-"): 45, ("outturn", "-"): 26, ("revision", "-"): 21, ("not-comparable", "-"): 107,
          **{("contradict", code): 9 for code in ("value", "digits-transposed", "scale", "unit-or-basis", "period-shifted", "comparison-base", "good-confused", "direction", "actor-or-trade-direction")}}
# The second draw is smaller, and has more of what tempts to a false alarm; the third has more contradictions again.
LATER_GROUPS = {2: {"agree": 14, "round": 18, "outturn": 8, "revision": 8, "not-comparable": 50, "contradict": 7},
                3: {"agree": 10, "round": 12, "outturn": 5, "revision": 5, "not-comparable": 40, "contradict": 9}}
GROUPS = {key: LATER_GROUPS[NUMBER][key[0]] for key in FIRST_GROUPS} if NUMBER > 1 else FIRST_GROUPS
TWISTS = {
    "agree": ["other words and another order", "the other language", "万 or 亿 against t, million or billion", "per kg against per t", "one gives the level, the other the same level with its change", "period named otherwise (Q1 / January to March)",
              "subject named otherwise (symbol, short name, ticker)", "number words against digits"],
    "round": ["over against exact", "nearly or 近 against exact", "a vague count (数千吨, dozens) against exact", "thousands with one decimal against exact", "percent with and without decimals", "成 or a fraction against percent", "about against exact",
              "rounded up at the limit (.5)", "both rounded, to different digits", "a range that holds the exact value", "余 or 多 inside the number"],
    "contradict": ["plain, same language", "the two languages", "other words and another order", "the deviating figure stands in a title or headline sentence", "much else in both passages", "one is a flash", "both name the same origin", "a second figure of both agrees"],
    "outturn": ["own guidance met within its range", "own guidance missed", "analyst's forecast and later result", "plan or target of a ministry and what came", "preannounced profit range and the final report", "price forecast and the price that came",
                "last year's outlook repeated beside the actual"],
    "revision": ["the next edition of a yearly summary", "preliminary and final figures", "a correction notice", "customs or statistics office revises a month", "a house changes its forecast for the same year", "restated accounts", "an updated resource estimate"],
    "not-comparable": ["period not said on one side", "place not said on one side", "basis not said on one side and the figures lie as bases lie", "share of capacity against share of reserves or output", "another period", "the same digits by chance, another event",
                       "another venue", "another grade or purity", "another form (ore, concentrate, oxide, metal)", "another place", "broader term for the good", "gross against net, or net against excluding non-recurring", "spot against futures",
                       "mean against close", "high or low against close", "part against whole (one company or province, all)", "year to date against one month", "change year on year against month on month", "two houses' forecasts", "world against world without China",
                       "capacity against output", "value against volume", "attributable against 100 % basis", "another currency on another day", "another contract month or tenor", "stock at two venues", "quota batch against the whole year"]}
ROLES = {"tells as A, same words": 3, "tells as A, other words": 5, "tells as A, rounded": 3, "tells as B, other words": 4, "near, not comparable with any": 5}

CHECKS = {"change-base": 30, "range-base": 18, "parts-total": 28, "ratio": 20, "share": 22, "unit-price": 24, "future-period": 18, "calendar": 18, "self-explanation": 14, "chronology": 16, "age": 12}
ARITHMETIC = {"change-base", "range-base", "parts-total", "ratio", "share", "unit-price"}
HOLDS = {"exact to the printed digits": 4, "rounding at its limit": 3, "with a qualifier (about, over, nearly)": 3, "an excluded or other part is said": 2, "units or scales mixed": 2, "looks wrong at first sight": 2}
FAILS = {"one digit wrong": 3, "digits exchanged": 2, "scale slip (万, 亿, million, billion, percent and per mille)": 4, "figure of another period or line": 3, "percent and percentage points, or by and to": 2, "direction turned": 2,
         "just outside the rounding": 2, "one part left out or counted twice": 2}
HOLDS_TIME = {"plain": 3, "looks wrong at first sight": 3, "with a qualifier": 2, "across a year's end": 2, "relative words": 2}
FAILS_TIME = {"year wrong": 4, "month or quarter wrong": 3, "an old text taken over unchanged": 3, "weekday, relative words or age wrong": 2, "order of two steps turned": 2}
GENRES = {"daily or weekly market report": 4, "company results": 4, "trade statistics": 3, "research note": 4, "policy news": 2, "project news": 3, "flash": 2, "feature or background": 3, "interview or speech report": 2, "numbered list of points": 1}

draw = random.Random(SEED)
decks = {}


def pick(weights):
    return draw.choices(list(weights), list(weights.values()))[0]


def deal(name, cards):
    """The next card of a shuffled deck, so that no card fills the set."""
    if not decks.get(name):
        decks[name] = draw.sample(cards, len(cards))
    return decks[name].pop()


def day():
    return FIRST_DAY + datetime.timedelta(draw.randint(0, (LAST_DAY - FIRST_DAY).days))


def parts(strata):
    """One in TEST of each stratum, and the rest evened out over all, is the test part."""
    members = {}
    for place, stratum in enumerate(strata):
        members.setdefault(stratum, []).append(place)
    test = {place for places in members.values() for place in draw.sample(places, len(places) // TEST)}
    rest = [place for place in range(len(strata)) if place not in test]
    test |= set(draw.sample(rest, round(len(strata) / TEST) - len(test)))
    return ["test" if place in test else "development" for place in range(len(strata))]


def main():
    print("case", "part", "kind", "reason or verdict", "twist", "good", "place", "measure or genre", "first day", "languages", "publishers", "further members or sentences", sep="\t")
    kinds = [kind for kind, count in GROUPS.items() for _ in range(count)]
    draw.shuffle(kinds)
    for number, (part, (kind, reason)) in enumerate(zip(parts(kinds), kinds), 1):
        size = draw.choices([2, 3, 4], [55, 28, 17])[0]
        twist, good, first = deal(kind, TWISTS[kind]), deal("good", GOODS), day()
        languages = [draw.choice(["zh", "en"]) for _ in range(size)]
        if twist in ("the other language", "the two languages", "万 or 亿 against t, million or billion") and languages[0] == languages[1]:
            languages[1] = {"zh": "en", "en": "zh"}[languages[0]]
        if twist == "plain, same language":
            languages[1] = languages[0]
        print(f"{LETTERS[0]}{number:03}", part, kind, reason, twist, good, pick(PLACES), pick(MEASURES), first, ",".join(languages), ", ".join(pick(PUBLISHERS) for _ in range(size)),
              ", ".join(f"{letter}: {pick(ROLES)}" for letter in "CD"[:size - 2]) or "-", sep="\t")
    cases = [(check, verdict) for check, count in CHECKS.items() for verdict in ("holds", "fails") for _ in range(count // (4 if NUMBER > 1 else 2))]
    draw.shuffle(cases)
    for number, (part, (check, verdict)) in enumerate(zip(parts(cases), cases), 1):
        holds, fails = (HOLDS, FAILS) if check in ARITHMETIC else (HOLDS_TIME, FAILS_TIME)
        twist = "-" if check == "self-explanation" else pick(holds if verdict == "holds" else fails)
        print(f"{LETTERS[1]}{number:03}", part, check, verdict, twist, deal("good", GOODS), pick(PLACES), deal("genre", [genre for genre, count in GENRES.items() for _ in range(count)]), day(),
              draw.choice(["zh", "en"]), pick(PUBLISHERS), draw.choices([2, 3, 4, 5, 6], [27, 36, 21, 10, 6])[0], sep="\t")


if __name__ == "__main__":
    main()
