"""Draws what each story of the stories set shall be, how each of its tellings is told, and which part it belongs to.

    python3 eval/stories/draw.py > eval/stories/draw.tsv

The draw is random, with a fixed seed, so that no writer chooses what the grouping under test is good at. Two stories of a hard-negative pair, and a
single document that stands near a story, are always in one part. One writer takes the odd stories and the single documents, another the even stories.
"""

import datetime
import random

SEED = 20261123
SIZES = [2] * 11 + [3] * 14 + [4] * 11 + [5] * 7 + [6] * 4 + [7] * 2 + [8] * 2 + [9]
SINGLES = 30
FIRST_DAY, LAST_DAY = datetime.date(2025, 1, 6), datetime.date(2026, 10, 12)

GOODS = {"antimony": ["China", "Tajikistan", "Turkey", "Vietnam"], "gallium and germanium": ["China", "Canada", "DR Congo"], "light rare earths (NdPr)": ["China", "Australia", "United States", "Malaysia"],
         "heavy rare earths": ["China", "Myanmar", "Brazil"], "rare earth magnets": ["China", "Japan", "United States", "India"], "tungsten": ["China", "South Korea", "Vietnam", "Kazakhstan"],
         "lithium carbonate": ["Chile", "China", "Argentina"], "spodumene": ["Australia", "Zimbabwe", "Mali", "Brazil"], "cobalt": ["DR Congo", "Indonesia"], "nickel": ["Indonesia", "Philippines", "New Caledonia"],
         "copper": ["Chile", "Peru", "DR Congo", "Panama", "Zambia"], "tin": ["Myanmar", "Indonesia", "DR Congo", "Malaysia"], "graphite": ["China", "Mozambique", "Madagascar"], "manganese": ["Gabon", "South Africa", "Australia"],
         "uranium": ["Kazakhstan", "Niger", "Namibia", "Canada"], "bauxite and alumina": ["Guinea", "Australia", "Indonesia"], "platinum and palladium": ["South Africa", "Russia", "Zimbabwe"],
         "bismuth, indium and tellurium": ["China", "South Korea"], "molybdenum": ["China", "Chile"], "vanadium and titanium": ["China", "South Africa", "Kazakhstan"], "niobium and tantalum": ["Brazil", "Rwanda", "DR Congo"],
         "magnesium": ["China", "Turkey"], "zinc and lead": ["Peru", "Ireland", "South Korea"], "chrome ore": ["South Africa", "Turkey", "Zimbabwe"]}

STATE = ["export ban or licence", "quota", "policy draft", "enforcement against smuggling or illegal mining", "tax, royalty or tariff"]
COMPANY = ["closure or accident", "agreement or acquisition", "results", "strike", "project restart", "financing", "new plant or mine opened", "production guidance changed"]
MARKET = ["monthly report or statistics", "price move", "stockpile or tender"]
FOLLOW_UPS = {"export ban or licence": ["suspension of the measure", "answer of a trading partner", "first licences granted"], "quota": ["quota changed", "price move after it"],
              "policy draft": ["final rule published"], "enforcement against smuggling or illegal mining": ["court sentence or penalty"], "tax, royalty or tariff": ["challenge or exemption"],
              "closure or accident": ["operations resumed", "force majeure declared", "inquiry's findings"], "agreement or acquisition": ["approval or refusal by a regulator", "price raised or deal ended"],
              "strike": ["strike ended"], "results": ["share sale or dividend after them"], "project restart": ["first shipment after the restart"]}
PAIRS = ["two events of one company in one week", "same monthly report a month later", "same kind of event in another country in the same week", "same good and number in another event",
         "follow-up event that mentions the earlier one"]

MANNERS = {"verbatim copy": 20, "near copy": 18, "rewritten": 26, "translated": 15, "flash": 12, "analysis": 11}
PUBLISHERS = {"first report": {"news agency": 6, "ministry, exchange or company site": 4, "trade press": 4, "national daily": 3, "price reporting agency": 2, "regional paper": 1},
              "verbatim copy": {"portal or aggregator": 5, "self-media account or blog": 3, "regional paper": 2, "industry association site": 2, "mining website": 3},
              "near copy": {"portal or aggregator": 4, "self-media account or blog": 3, "regional paper": 2, "mining website": 3, "trade press": 2},
              "rewritten": {"trade press": 4, "national daily": 3, "news agency": 3, "mining website": 3, "price reporting agency": 2, "portal or aggregator": 2, "self-media account or blog": 1},
              "translated": {"portal or aggregator": 4, "mining website": 3, "trade press": 2, "news agency": 2, "self-media account or blog": 2},
              "flash": {"flash news service": 5, "broker morning note": 2, "price reporting agency": 2, "news agency": 2},
              "analysis": {"broker morning note": 3, "trade press": 3, "national daily": 2, "self-media account or blog": 2, "think tank": 1}}
ATTRIBUTION = {"first report": {"none": 35, "origin": 55, "outside": 10}, "near copy": {"none": 60, "its source": 40}, "rewritten": {"none": 30, "the first": 30, "origin": 25, "outside": 15},
               "translated": {"none": 30, "its source": 55, "origin": 15}, "flash": {"none": 45, "the first": 30, "origin": 25}, "analysis": {"none": 35, "the first": 30, "origin": 20, "outside": 15}}
DIFFERENCES = {"number": 4, "period": 3, "good": 3, "date": 2, "place": 2}
DELAY = {"verbatim copy": (0.2, 20), "near copy": (0.5, 24), "rewritten": (0.5, 36), "translated": (1, 30), "flash": (0.1, 8), "analysis": (10, 110)}
NEAR = ["a roundup of several events, this one among them", "same good and country, another event within ten days", "same company, another event within a month", "the same event kind a year earlier or later"]

draw = random.Random(SEED)
deck = []


def pick(weights):
    return draw.choices(list(weights), list(weights.values()))[0]


def day(low=FIRST_DAY, high=LAST_DAY):
    return low + datetime.timedelta(draw.randint(0, (high - low).days))


def topic(countries=1):
    """The next good of a shuffled deck, so that no good fills the set; the first country of a good, its main one, comes oftener."""
    if not deck:
        deck.extend(draw.sample(list(GOODS), len(GOODS)))
    good = deck.pop()
    names = GOODS[good]
    first = names[0] if draw.random() < 0.5 else draw.choice(names)
    return good, [first, *draw.sample([name for name in names if name != first], countries - 1)]


def unit(kind):
    """One or two stories as (event, good, country, first day)."""
    good, (country, *others) = topic(2 if kind == PAIRS[2] else 1)
    start = day()
    if kind is None:
        return [(draw.choice(STATE + COMPANY + MARKET), good, country, start)]
    if kind == PAIRS[0]:
        events = draw.sample(COMPANY, 2)
        return [(events[0], good, country, start), (events[1], good, country, start + datetime.timedelta(draw.randint(1, 6)))]
    if kind == PAIRS[1]:
        return [(MARKET[0], good, country, start), (MARKET[0], good, country, start + datetime.timedelta(draw.randint(28, 32)))]
    if kind == PAIRS[2]:
        event = draw.choice(STATE + ["closure or accident", "strike", "project restart", "monthly report or statistics"])
        return [(event, good, country, start), (event, good, others[0], start + datetime.timedelta(draw.randint(0, 5)))]
    if kind == PAIRS[3]:
        events = draw.sample(STATE + COMPANY + MARKET, 2)
        return [(events[0], good, country, start), (events[1], good, country, start + datetime.timedelta(draw.randint(0, 10)))]
    event = draw.choice(list(FOLLOW_UPS))
    return [(event, good, country, start), (draw.choice(FOLLOW_UPS[event]), good, country, start + datetime.timedelta(draw.randint(3, 20)))]


def tellings(size):
    """Rows of (language, manner, told from, publisher, hours, attribution, own detail, difference)."""
    rows = [(draw.choice(["zh", "en"]), "first report", 0, pick(PUBLISHERS["first report"]), 0.0, pick(ATTRIBUTION["first report"]), "yes", "none")]
    for _ in range(size - 1):
        manner = pick(MANNERS)
        sources = [place for place, row in enumerate(rows) if row[1] not in ("verbatim copy", "flash", "analysis")]
        source = draw.choice([0] + sources) if manner in ("verbatim copy", "near copy", "translated") else 0
        language = rows[source][0]
        if manner == "translated" or (manner in ("rewritten", "flash", "analysis") and draw.random() < 0.4):
            language = {"zh": "en", "en": "zh"}[language]
        low, high = DELAY[manner]
        hours = round(rows[source][4] + low * (high / low) ** draw.random(), 1)
        copy = manner == "verbatim copy"
        rows.append((language, manner, source + 1 if manner in ("verbatim copy", "near copy", "translated") else 0, pick(PUBLISHERS[manner]), hours,
                     "as its source" if copy else pick(ATTRIBUTION[manner]), "yes" if manner in ("rewritten", "analysis") and draw.random() < 0.35 else "no",
                     "as its source" if copy else pick(DIFFERENCES) if draw.random() < 0.3 else "none"))
    return rows


def main():
    units = []
    for parity in (1, 0):
        kinds = PAIRS * 2 + [None] * 6
        draw.shuffle(kinds)
        number = 2 - parity
        for kind in kinds:
            stories = unit(kind)
            units.append((kind, [(number + 2 * place, *story) for place, story in enumerate(stories)]))
            number += 2 * len(stories)
    paired, alone = [u for u in units if u[0]], [u for u in units if not u[0]]
    test = {story[0] for u in draw.sample(paired, 7) + draw.sample(alone, 3) for story in u[1]}
    sizes = SIZES[:]
    draw.shuffle(sizes)
    stories = sorted((*story, kind or "-", next((other[0] for other in members if other[0] != story[0]), 0)) for kind, members in units for story in members)
    print("telling", "part", "event", "good", "country", "start", "pair", "partner", "language", "manner", "told from", "publisher", "hours", "attribution", "own detail", "difference", sep="\t")
    for number, event, good, country, start, kind, partner in stories:
        part = "test" if number in test else "development"
        for place, row in enumerate(tellings(sizes.pop())):
            language, manner, source, publisher, hours, attribution, own, difference = row
            print(f"s{number:02}.{place + 1}", part, event, good, country, start, kind, f"s{partner:02}" if partner else "-", language, manner,
                  f"s{number:02}.{source}" if source else "-", publisher, hours, attribution, own, difference, sep="\t")
    odd = [story for story in stories if story[0] % 2]
    near = draw.sample(odd, 12)
    for single in range(SINGLES):
        language = draw.choice(["zh", "en"])
        publisher = pick(PUBLISHERS[draw.choice(["first report", "rewritten", "analysis"])])
        attribution = draw.choice(["none", "origin", "outside"])
        if single < len(near):
            number, event, good, country, start, _, _ = near[single]
            kind, part = NEAR[single % len(NEAR)], "test" if number in test else "development"
            start += datetime.timedelta({0: draw.randint(2, 6), 1: draw.randint(-10, 10), 2: draw.randint(-25, 25), 3: 365 if start.year == 2025 else -365}[single % len(NEAR)])
            event, partner = event if single % len(NEAR) in (0, 3) else draw.choice([e for e in STATE + COMPANY + MARKET if e != event]), f"s{number:02}"
        else:
            good, (country,) = topic()
            kind, part, partner, event, start = "-", draw.choice(["test", "development", "development"]), "-", draw.choice(STATE + COMPANY + MARKET), day()
        print(f"d{single + 1:02}", part, event, good, country, start, kind, partner, language, "single", "-", publisher, 0.0, attribution, "yes", "none", sep="\t")


if __name__ == "__main__":
    main()
