"""Merges the writers' files of the stories set into documents.jsonl and labels.jsonl of both parts, and checks them.

    python3 eval/stories/build.py FOLDER [--times] [--partial]

FOLDER holds the writers' files, *.jsonl (form: FOLDER/HOWTO.md). labels.jsonl was settled by hand afterwards: running this again overwrites that.
--times only prints when each telling is published. --partial allows missing tellings.
"""

import csv
import datetime
import glob
import hashlib
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SALT = "stories-20261123"
PATHS = ["/{y}/{m}/{d}/{k}.html", "/news/{n}", "/a/{y}{m}{d}/{k}", "/article/{k}.shtml", "/{y}-{m}/{d}/content_{n}.htm", "/detail/{n}"]
WHATS = {"number", "period", "good", "date", "place"}


def secret(*words, size=10):
    return hashlib.sha256("|".join((SALT, *words)).encode()).hexdigest()[:size]


def roll(*words):
    return int(secret(*words, size=12), 16)


def read_draw():
    with open(os.path.join(HERE, "draw.tsv"), encoding="utf-8") as file:
        return {row["telling"]: row for row in csv.DictReader(file, delimiter="\t")}


def zone(text):
    sign = -1 if text[0] == "-" else 1
    hours, minutes = text[1:].split(":")
    return datetime.timezone(sign * datetime.timedelta(hours=int(hours), minutes=int(minutes)))


def published(telling, draw, written):
    """When a telling is published: the first at its `at`, or by day between 05:00 and 10:00 UTC; the others as many hours later as drawn."""
    row = draw[telling]
    first = telling.split(".")[0] + ".1" if telling[0] == "s" else telling
    at = written.get(first, {}).get("at")
    if at:
        begin = datetime.datetime.fromisoformat(at)
        if begin.date().isoformat() != draw[first]["start"]:
            fail(f"{first}: `at` is not on the day drawn, {draw[first]['start']}")
    else:
        begin = datetime.datetime.fromisoformat(draw[first]["start"] + "T05:00:00+00:00") + datetime.timedelta(seconds=roll(first, "time") % 18000)
    when = begin + datetime.timedelta(hours=float(row["hours"]), seconds=roll(telling, "second") % 60 if telling != first else 0)
    default = "+08:00" if row["language"] == "zh" else "+00:00"
    return when.astimezone(zone(written.get(telling, {}).get("tz", at[-6:] if at and telling == first else default))).replace(microsecond=0)


problems, warnings = [], []


def fail(text):
    problems.append(text)


def shingles(text, size=4):
    text = re.sub(r"\s+", "", text)
    return {text[place:place + size] for place in range(len(text) - size + 1)}


def likeness(one, other):
    one, other = shingles(one), shingles(other)
    return len(one & other) / max(1, len(one | other))


def length(language, text):
    return len(re.findall(r"[\w'’.,%-]+", text)) if language == "en" else len(re.sub(r"\s", "", text))


def main():
    folder, options = sys.argv[1], sys.argv[2:]
    draw, written, stories = read_draw(), {}, {}
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl"))):
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                record = json.loads(line)
                key, table = (record["telling"], written) if "telling" in record else (record["story"], stories)
                if key in table:
                    fail(f"{path}:{number}: {key} is there twice")
                table[key] = record
    for telling in [telling for telling in written if telling not in draw]:
        fail(f"{telling} was not drawn")
    if "--times" in options:
        for telling in draw:
            print(telling, published(telling, draw, written).isoformat())
        return
    missing = [telling for telling in draw if telling not in written]
    if missing and "--partial" not in options:
        fail(f"{len(missing)} tellings are not written: {' '.join(missing)}")

    ids = {telling: secret(telling, "document") for telling in draw}
    names = {telling.split(".")[0]: "st-" + secret(telling.split(".")[0], "story", size=8) for telling in draw if telling[0] == "s"}
    documents = {}
    for telling in sorted(written):
        row, record = draw.get(telling), written[telling]
        if row is None:
            continue
        verbatim = row["manner"] == "verbatim copy"
        origin = record
        if verbatim:
            origin = written.get(row["told from"])
            if origin is None or "text" in record:
                fail(f"{telling}: a verbatim copy of {row['told from']} has no text of its own, and {row['told from']} must be written")
                continue
            record["attribution"] = origin.get("attribution", []) + record.get("attribution", [])
        when = published(telling, draw, written)
        key = secret(telling, "url", size=8)
        parts = {"y": f"{when.year}", "m": f"{when.month:02}", "d": f"{when.day:02}", "k": key, "n": str(roll(telling, "number") % 90000000 + 10000000)}
        path = PATHS[roll(record["host"], "path") % len(PATHS)].format(**parts)
        text = "\n".join(line.strip() for line in origin["text"].strip().split("\n") if line.strip())
        title = record.get("title") or origin["title"]
        documents[telling] = {"id": ids[telling], "source": record["source"], "url": "https://" + record["host"] + path, "title": title, "language": row["language"],
                              "published": when.isoformat(), "text": text}
        size = length(row["language"], text)
        low, high = ((60, 250) if row["language"] == "en" else (100, 450)) if row["manner"] != "flash" else ((8, 60) if row["language"] == "en" else (20, 110))
        if not low <= size <= high:
            warnings.append(f"{telling}: {row['language']} {row['manner']} of {size}")
        for attribution in record.get("attribution", []):
            if attribution["words"] not in text and attribution["words"] not in title:
                fail(f"{telling}: attribution not in its text: {attribution['words']}")
            if attribution.get("member") and (attribution["member"] not in draw or attribution["member"].split(".")[0] != telling.split(".")[0] or attribution["member"] == telling):
                fail(f"{telling}: attribution to {attribution['member']}, no other member of its story")
        if telling[0] == "s" and not verbatim and (row["attribution"] == "none") == bool(record.get("attribution")):
            warnings.append(f"{telling}: attribution drawn {row['attribution']}, written {record.get('attribution')}")

    if len({document["url"] for document in documents.values()}) != len(documents) or len(set(ids.values())) != len(ids):
        fail("ids or urls are not unique")
    bodies = {}
    for telling, document in documents.items():
        bodies.setdefault(document["text"], []).append(telling)
    for group in bodies.values():
        if len({telling.split(".")[0] for telling in group}) > 1 or sum(draw[telling]["manner"] != "verbatim copy" for telling in group) != 1:
            fail(f"the same body, not by draw: {group}")
    for telling, document in documents.items():
        row = draw[telling]
        if row["manner"] == "near copy" and row["told from"] in documents:
            value = likeness(document["text"], documents[row["told from"]]["text"])
            if value < 0.45:
                warnings.append(f"{telling}: a near copy only {value:.2f} like {row['told from']}")
        if row["manner"] in ("rewritten", "analysis", "translated"):
            for other in documents:
                if other.split(".")[0] == telling.split(".")[0] and other < telling and draw[other]["manner"] not in ("verbatim copy", "near copy"):
                    value = likeness(document["text"], documents[other]["text"])
                    if value > 0.35:
                        warnings.append(f"{telling}: {row['manner']} and {value:.2f} like {other}")

    labels = {"development": [], "test": []}
    for story, name in sorted(names.items()):
        members = [telling for telling in draw if telling.split(".")[0] == story and telling in documents]
        if not members:
            continue
        record = stories.get(story)
        if record is None:
            fail(f"{story}: no label")
            continue
        members.sort(key=lambda telling: datetime.datetime.fromisoformat(documents[telling]["published"]))
        if draw[members[0]]["manner"] != "first report":
            fail(f"{story}: the first report is not the first")
        # Verbatim copies may be left out of voices and differences: they stand where their source does.
        voices = [list(voice) for voice in record["voices"]]
        differences = [dict(difference, by=dict(difference["by"])) for difference in record.get("differences", [])]
        for telling in sorted(members):
            if draw[telling]["manner"] != "verbatim copy":
                continue
            source = draw[telling]["told from"]
            for voice in voices:
                if source in voice and telling not in voice:
                    voice.append(telling)
            for difference in differences:
                words = difference["by"].get(source)
                if words and telling not in difference["by"] and (words in documents[telling]["text"] or words in documents[telling]["title"]):
                    difference["by"][telling] = words
        told = sorted(telling for voice in voices for telling in voice)
        if told != sorted(members):
            fail(f"{story}: voices hold {told}")
        for difference in differences:
            if difference["what"] not in WHATS or len(set(difference["by"].values())) < 2:
                fail(f"{story}: not a difference: {difference}")
            for telling, words in difference["by"].items():
                if telling not in documents or (words not in documents[telling]["text"] and words not in documents[telling]["title"]):
                    fail(f"{story}: not in {telling}: {words}")
        for telling in members:
            planted = draw[telling]["difference"]
            if planted in WHATS and not any(d["what"] == planted and telling in d["by"] for d in differences):
                warnings.append(f"{telling}: the planted difference ({planted}) is not labelled")
        entries = []
        for telling in members:
            row, attribution = draw[telling], written[telling].get("attribution", [])
            named = next((a["member"] for a in attribution if a.get("member")), None)
            copied = row["told from"] if row["manner"] in ("verbatim copy", "near copy") else named if row["manner"] == "translated" else None
            entries.append({"id": ids[telling], "manner": row["manner"], "copied_from": ids[copied] if copied else None,
                            "attribution": [{"words": a["words"], "names": a["names"], "member": ids[a["member"]] if a.get("member") and a["member"] != telling else None} for a in attribution]})
        row = draw[members[0]]
        negatives = [{"story": names[row["partner"]], "kind": row["pair"]}] if row["partner"] != "-" else []
        negatives += [{"document": ids[single], "kind": draw[single]["pair"]} for single in sorted(documents) if single[0] == "d" and draw[single]["partner"] == story]
        if row["partner"] != "-" and draw[row["partner"] + ".1"]["part"] != row["part"] or any(draw[s]["part"] != row["part"] for s in draw if draw[s]["partner"] == story):
            fail(f"{story}: a partner is in the other part")
        when = {telling: place for place, telling in enumerate(members)}
        labels[row["part"]].append({"story": name, "event": record["event"], "origin": record.get("origin"), "members": entries,
                                    "voices": [[ids[t] for t in sorted(voice, key=when.get)] for voice in sorted(voices, key=lambda v: min(map(when.get, v)))],
                                    "differences": [{"what": d["what"], "of": d["of"], "by": {ids[t]: d["by"][t] for t in sorted(d["by"], key=when.get)}} for d in differences],
                                    "hard_negatives": negatives})

    for text in warnings:
        print("warning:", text)
    if problems:
        sys.exit("\n".join(problems))
    for part in labels:
        os.makedirs(os.path.join(HERE, part), exist_ok=True)
        chosen = sorted((document for telling, document in documents.items() if draw[telling]["part"] == part), key=lambda document: document["id"])
        for name, rows in (("documents", chosen), ("labels", sorted(labels[part], key=lambda label: label["story"]))):
            with open(os.path.join(HERE, part, name + ".jsonl"), "w", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        print(f"{part}: {len(chosen)} documents, {len(labels[part])} stories")


if __name__ == "__main__":
    main()
