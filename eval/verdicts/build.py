"""Makes groups.jsonl and audit.jsonl of both parts from the writers' files of one draw, and checks them.

    python3 eval/verdicts/build.py FOLDER [--draw draw-third.tsv] [--partial]

FOLDER holds the writers' files, audit*.txt and groups*.txt; the parts are written there too. With --partial, cases of the draw that are not written
yet are only counted.
"""

import csv
import datetime
import hashlib
import itertools
import json
import pathlib
import re
import sys
from fractions import Fraction

HERE = pathlib.Path(__file__).parent
# How the names of audit cases begin, in the first, second and third draw.
AUDIT = "abc"
REASONS = {"value", "digits-transposed", "scale", "unit-or-basis", "period-shifted", "comparison-base", "good-confused", "direction", "actor-or-trade-direction"}
KINDS = {"agree", "round", "contradict", "outturn", "revision", "not-comparable"}
problems = []


class Interval:
    def __init__(self, low, high):
        self.low, self.high = min(low, high), max(low, high)

    def __add__(self, other):
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other):
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other):
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other):
        return self * Interval(1 / other.low, 1 / other.high)


def number(text):
    """The interval of a printed number: plain, =exact, ~about, >over, <nearly, or low..high."""
    if ".." in text:
        low, high = text.split("..")
        return Interval(Fraction(low), Fraction(high))
    sign, digits = (text[0], text[1:]) if text[0] in "=~><" else ("", text)
    value = Fraction(digits)
    if sign == "=":
        return Interval(value, value)
    unit = Fraction(1, 10 ** len(digits.partition(".")[2]))
    if sign and "." not in digits:
        unit *= 10 ** (len(digits) - len(digits.rstrip("0")))
    if sign == "~":
        return Interval(value - unit, value + unit)
    if sign == ">":
        return Interval(value, value + unit)
    if sign == "<":
        return Interval(value - unit, value)
    return Interval(value - unit / 2, value + unit / 2)


def evaluate(text):
    """An expression of numbers, + - * / and parentheses; n% is n/100."""
    tokens = re.findall(r"[=~><]?\d+(?:\.\d+)?(?:\.\.\d+(?:\.\d+)?)?%?|[-+*/()]", text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise ValueError(f"cannot read {text!r}")

    def total():
        value = product()
        while tokens and tokens[0] in "+-":
            value = value + product() if tokens.pop(0) == "+" else value - product()
        return value

    def product():
        value = factor()
        while tokens and tokens[0] in "*/":
            value = value * factor() if tokens.pop(0) == "*" else value / factor()
        return value

    def factor():
        token = tokens.pop(0)
        if token == "(":
            value = total()
            tokens.pop(0)
            return value
        if token.endswith("%"):
            return number(token[:-1]) / number("=100")
        return number(token)

    return total()


def short(value):
    return f"{float(value):.6g}"


def check_calculation(text):
    """(does it hold, its entry for the label) of `EXPR ? PRINTED`, `EXPR <= PRINTED`, `EXPR market PRINTED`, or a calculation with dates."""
    words = text.split()
    if words[0] in ("days", "weeks", "months", "years", "order"):
        first, second = datetime.date.fromisoformat(words[1]), datetime.date.fromisoformat(words[2])
        days = (second - first).days
        if words[0] == "order":
            return first <= second, {"calculation": f"{first} <= {second}", "from": str(days), "to": str(days), "printed": "0.. d"}
        length = {"days": Fraction(1), "weeks": Fraction(7), "months": Fraction(36525, 1200), "years": Fraction(36525, 100)}[words[0]]
        slack = {"days": 0, "weeks": Fraction(6, 7), "months": 1, "years": Fraction(1, 2)}[words[0]]
        amount = days / length
        unit = {"days": "d", "weeks": "wk", "months": "mo", "years": "a"}[words[0]]
        return abs(amount - Fraction(words[3])) <= slack, {"calculation": f"{second} - {first}", "from": short(amount), "to": short(amount), "printed": f"{words[3]} {unit}"}
    if words[0] == "weekday":
        name = datetime.date.fromisoformat(words[1]).strftime("%A")
        return name == words[2], {"calculation": f"weekday of {words[1]}", "from": name, "to": name, "printed": words[2]}
    relation = re.search(r" (\?|<=|market) ", text)
    left, right = text[:relation.start()], text[relation.end():]
    got, want = evaluate(left), evaluate(right)
    holds = {"?": got.low <= want.high and want.low <= got.high, "<=": got.low <= want.high, "market": got.low <= 3 * want.high and want.low <= 3 * got.high}[relation[1]]
    if relation[1] == "market" and not holds and not (got.low > 5 * want.high or want.low > 5 * got.high):
        raise ValueError("between three and five times the market price")
    return holds, {"calculation": left.strip(), "from": short(got.low), "to": short(got.high), "printed": ("at most " if relation[1] == "<=" else "market " if relation[1] == "market" else "") + right.strip()}


def document(case, letter, line, text, language):
    source, published, title = [part.strip() for part in line.split("|", 2)]
    return {"id": "d" + hashlib.sha256(f"verdicts {case} {letter}".encode()).hexdigest()[:10], "source": source, "published": published, "language": language, "title": title, "text": text.strip()}


def occurs(case, quote, entry):
    if quote not in entry["title"] and quote not in entry["text"]:
        problems.append(f"{case}: quote not in the text: {quote}")


def split(text):
    return [quote.strip() for quote in text.split("¦") if quote.strip()]


def audit(case, row, lines):
    text = "\n".join(line for line in lines[1:] if not line.startswith(("!", "?")))
    entry = document(case, "A", lines[0], text, row["languages"])
    quotes = [quote for line in lines if line.startswith("!") for quote in split(line[1:])]
    if not quotes:
        problems.append(f"{case}: no quotes")
    for quote in quotes:
        occurs(case, quote, entry)
    computed, verdicts = [], []
    for line in lines:
        if line.startswith("?"):
            try:
                holds, label = check_calculation(line[1:].strip())
                verdicts.append(holds)
                computed.append(label)
            except (ValueError, IndexError, TypeError, ZeroDivisionError) as error:
                problems.append(f"{case}: {line}: {error}")
    verdict = row["reason or verdict"]
    if verdicts and all(verdicts) != (verdict == "holds"):
        problems.append(f"{case}: drawn {verdict}, calculated {verdicts}: {computed}")
    if abs((datetime.date.fromisoformat(entry["published"][:10]) - datetime.date.fromisoformat(row["first day"])).days) > 10:
        problems.append(f"{case}: published {entry['published']}, drawn {row['first day']}")
    label = {"check": row["kind"], "verdict": verdict, "quotes": quotes, "computed": None if not computed else computed[0] if len(computed) == 1 else computed}
    return {"id": case, "documents": [entry], "labels": [label]}


SCALES = {"万": 10**4, "亿": 10**8, "万亿": 10**12, "百万": 10**6, "千": 10**3, "million": 10**6, "mn": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12, "kt": 10**3, "Mt": 10**6, "Mlb": 10**6}


def value(quote):
    """The first number of a quote with its scale, or None for number words, ranges and vague counts."""
    found = re.search(r"(\d[\d,]*(?:\.\d+)?)\s*(百万|万亿|万|亿|千(?!克|瓦)|million|billion|trillion|mn|bn|kt|Mt|Mlb|m\b)?", quote)
    if not found or re.search(r"至|到|between| to ", quote):
        return None
    return Fraction(found[1].replace(",", "")) * SCALES.get(found[2] or "", 1)


def compare(case, kind, reason, quotes):
    """A rough look at the values of a pair: does what is printed go with the label?"""
    first, second = (value(side[0]) for side in quotes)
    if not first or not second:
        return
    ratio = first / second
    digits = [sorted(re.sub(r"\D", "", side[0])) for side in quotes]
    fits = {"agree": ratio in (1, 1000, Fraction(1, 1000)), "round": Fraction(4, 5) < ratio < Fraction(5, 4)}.get(kind, True)
    if kind == "contradict":
        fits = {"value": abs(ratio - 1) > Fraction(3, 100), "digits-transposed": digits[0] == digits[1] and ratio != 1,
                "scale": ratio != 1 or quotes[0][0] != quotes[1][0]}.get(reason, abs(ratio - 1) < Fraction(1, 10))
    if not fits:
        problems.append(f"{case}: {kind} {reason or ''}: {quotes[0][0]} / {quotes[1][0]}")


def group(case, row, lines):
    documents, labels, letters = {}, [], "ABCD"
    languages = row["languages"].split(",")
    for line in lines:
        if match := re.match(r"([ABCD]) \| (.*)", line):
            letter = match[1]
            documents[letter] = document(case, letter, match[2], "", languages[min(letters.index(letter), len(languages) - 1)])
        elif line.startswith("= "):
            head, *sides = line[2:].split(" | ")
            first, second, kind, *rest = head.split(None, 3)
            detail = rest[0].strip() if rest else None
            quotes = [split(side) for side in sides]
            if kind not in KINDS or (kind == "contradict") != (detail in REASONS) or (kind == "not-comparable") != (detail is not None and detail not in REASONS):
                problems.append(f"{case}: kind and reason: {head}")
            if len(quotes) != 2 or not all(quotes):
                problems.append(f"{case}: two lists of quotes are needed: {line}")
                continue
            for letter, side in zip((first, second), quotes):
                for quote in side:
                    occurs(case, quote, documents[letter])
            compare(case, kind, detail, quotes)
            labels.append(((first, second), {"documents": [documents[first]["id"], documents[second]["id"]], "kind": kind, "reason": detail if kind == "contradict" else None,
                                             "why": detail if kind == "not-comparable" else None, "quotes": quotes}))
        else:
            entry = documents[letter]
            entry["text"] = f"{entry['text']}\n{line}".strip()
    if [pair for pair, _ in labels] != list(itertools.combinations(documents, 2)):
        problems.append(f"{case}: every pair once, in order")
    elif (labels[0][1]["kind"], labels[0][1]["reason"] or "-") != (row["kind"], row["reason or verdict"]):
        problems.append(f"{case}: A and B are not as drawn")
    if len(documents) != len(languages):
        problems.append(f"{case}: {len(documents)} passages, drawn {len(languages)}")
    if len({entry["source"] for entry in documents.values()}) != len(documents) and row["kind"] != "revision":
        problems.append(f"{case}: one publisher twice")
    return {"id": case, "documents": list(documents.values()), "labels": [label for _, label in labels]}


def main():
    folder, partial = pathlib.Path(sys.argv[1]), "--partial" in sys.argv
    name = sys.argv[sys.argv.index("--draw") + 1] if "--draw" in sys.argv else "draw.tsv"
    rows = {row["case"]: row for row in csv.DictReader(open(HERE / name, encoding="utf-8"), delimiter="\t")}
    written = {}
    for path in sorted(folder.glob("audit*.txt")) + sorted(folder.glob("groups*.txt")):
        for block in re.split(r"^@", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            lines = [line for line in block.splitlines() if line.strip()]
            case = lines[0].strip()
            if case in written or case not in rows:
                problems.append(f"{case}: twice, or not drawn")
                continue
            written[case] = (audit if case[0] in AUDIT else group)(case, rows[case], lines[1:])
    cjk = re.compile("[\u4e00-\u9fff]")
    texts = {}
    for case, entry in written.items():
        for doc in entry["documents"]:
            share = len(cjk.findall(doc["text"])) / max(1, len(doc["text"]))
            if (doc["language"] == "zh") != (share > 0.2):
                problems.append(f"{case}: not {doc['language']}: {doc['text'][:40]}")
            if texts.setdefault(doc["text"], case) != case:
                problems.append(f"{case}: text as in {texts[doc['text']]}")
            datetime.date.fromisoformat(doc["published"][:10])
    for part in ("development", "test"):
        (folder / part).mkdir(exist_ok=True)
        for name in ("groups", "audit"):
            cases = [case for case, row in rows.items() if row["part"] == part and (case[0] in AUDIT) == (name == "audit")]
            done = [case for case in cases if case in written]
            if len(done) < len(cases):
                print(f"{part}/{name}: {len(done)} of {len(cases)} written")
                if not partial:
                    problems.append(f"{part}/{name}: not complete")
            if done:
                (folder / part / f"{name}.jsonl").write_text("".join(json.dumps(written[case], ensure_ascii=False) + "\n" for case in done), encoding="utf-8")
    for problem in problems:
        print(problem)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
