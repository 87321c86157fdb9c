"""Draws what each text of the annotated set shall be about, and which part it belongs to.

    python3 eval/draw.py > eval/draw.tsv
    python3 eval/draw.py second > eval/draw-second.tsv
    python3 eval/draw.py third > eval/draw-third.tsv

The draw is random, with a fixed seed, so that no writer chooses what the reader under test is good at.
"""

import random
import sys

# Of each draw its seed, how many texts, and the letter of their ids.
DRAWS = {"first": (20261122, 168, "t"), "second": (20261123, 96, "u"), "third": (20261126, 32, "v")}
GENRES = ["news report", "broker note", "price list or table pasted as lines", "exchange notice", "company results announcement",
          "customs trade bulletin", "government policy notice", "weekly market report", "aggregator article", "short flash news with several items",
          "company question-and-answer record", "interview or commentary"]
TOPICS = ["light rare earths and PrNd", "heavy rare earths (dysprosium, terbium)", "rare earth magnets", "antimony", "gallium and germanium", "tungsten",
          "lithium carbonate and hydroxide", "lithium ore and brine", "copper", "copper concentrate and smelting fees", "nickel", "cobalt", "tin", "aluminium and alumina",
          "graphite and anodes", "manganese", "uranium", "zinc and lead", "gold and silver", "platinum group metals", "polysilicon and solar", "magnesium",
          "battery makers", "electric vehicles", "stock sectors and indices", "iron ore and steel", "vanadium and titanium", "molybdenum and rhenium", "bismuth, indium and tellurium", "scrap and recycling"]
PHENOMENA = ["range with the unit said once", "range of percentages for profit growth", "two changes with different bases on one value", "level and change in one phrase",
             "change amount against level (increase by / increase to)", "percentage points", "multiples, doubling or halving", "comparison with the sum of earlier periods",
             "share of a whole, with part and whole", "two different wholes for similar shares", "mean and median or high and low of one measure", "several subjects coordinated with 'respectively' or 分别",
             "joint subject ('X and Y announced')", "ratio derived from two numbers given before it", "advancers and decliners", "vague counts (数千, dozens of)",
             "qualifiers (about, nearly, over, under, at least)", "forecast or guidance against actual figure", "price floor, cap or long-term contract price", "planned capacity",
             "export ban, licence or quota with announced and effective dates", "enforcement or special action", "closure, suspension or force majeure", "agreement or acquisition between companies",
             "period said in the title only", "relative periods (last week, 去年同期, year to date)", "period running from one month to another across years", "fiscal quarters and halves",
             "price per unit in a currency, two currencies", "big numbers with 万, 亿, 万亿 or million, billion, trillion", "basis: REO content, VAT included or excluded, metal contained",
             "profit with and without non-recurring items", "sector share performance against the good itself", "anaphora ('the company', 该公司, 'the two countries', 同期)",
             "attribution to a named source or agency", "hypothetical or conditional statement", "codes: tickers, HS codes, announcement numbers, citation marks", "numbered list or numbered headings",
             "trade between two countries with a third country in transit", "inventory at warehouses with week-on-week change", "machine-translated wording", "negation or no change",
             "table with the unit said once in its heading", "shares, lots or turnover of a stock", "spaces or line breaks in odd places, full-width digits", "stock index points and their change",
             "several periods of one measure in one sentence", "exchange price and spot price of one good", "premium, discount, treatment charge or spread", "multi-year plans and targets (by 2030, 十四五)"]

LANGUAGES = ["zh", "zh", "en", "en", "en, as if machine-translated from Chinese", "zh, with English terms mixed in"]


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "first"
    seed, texts, letter = DRAWS[name]
    draw = random.Random(seed)
    test = set(draw.sample(range(texts), texts // 3))
    if name != "first":  # of later draws one is for development and one is the test part, each whole
        test = set(range(texts)) if name == "third" else set()
    pool = []
    print("id", "part", "language", "genre", "topic", "phenomena", "sentences", sep="\t")
    for number in range(texts):
        if len(pool) < 4:
            fresh = PHENOMENA[:]
            draw.shuffle(fresh)
            pool = fresh + pool
        phenomena = [pool.pop() for _ in range(4)]
        print(f"{letter}{number + 1:03}", "test" if number in test else "development", draw.choice(LANGUAGES), draw.choice(GENRES), draw.choice(TOPICS),
              "; ".join(phenomena), draw.choice([3, 4, 5, 5, 6, 7]), sep="\t")


if __name__ == "__main__":
    main()
