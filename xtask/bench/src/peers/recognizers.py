"""Another recognizer behind a pipe: `python recognizers.py TOOL LANGUAGE`, with TOOL recognizers-text, quantulum3 or jionlp.

It answers {"version": ...} once its models are built, or {"error": ...}. From then on each line in is
{"seconds": S, "texts": [...]}, and each line out tells how many characters of them were read, in how many seconds of
processor time, and how much was found. After S seconds it begins no further text.
"""

import json
import os
import sys
import time
import warnings

# What the packages print of their own goes nowhere; the answers keep the real output.
OUT = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
warnings.simplefilter("ignore")


def recognizers_text(language):
    """The five models whose kinds this project reads too."""
    from recognizers_date_time import DateTimeRecognizer
    from recognizers_number import Culture, NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer

    culture = {"zh": Culture.Chinese, "en": Culture.English}[language]
    numbers = NumberRecognizer(culture)
    units = NumberWithUnitRecognizer(culture)
    models = [
        numbers.get_number_model(),
        numbers.get_percentage_model(),
        units.get_currency_model(),
        units.get_dimension_model(),
        DateTimeRecognizer(culture).get_datetime_model(),
    ]
    return lambda text: sum(len(model.parse(text)) for model in models)


def quantulum3(language):
    """Numbers with units, without the classifier, which would only slow it down."""
    from quantulum3 import parser

    lang = {"en": "en_US"}[language]
    return lambda text: len(parser.parse(text, lang=lang))


def jionlp(language):
    """Times, found and parsed."""
    import jionlp

    assert language == "zh"
    extract = jionlp.ner.extract_time
    return lambda text: len(extract(text, with_parsing=True))


TOOLS = {
    "recognizers-text": (recognizers_text, "recognizers-text-suite"),
    "quantulum3": (quantulum3, "quantulum3"),
    "jionlp": (jionlp, "jionlp"),
}


def measure(read, request):
    """Reads texts until the time is up. A text on which the tool fails counts neither in characters nor in time."""
    characters = found = failed = 0
    used = 0.0
    end = time.monotonic() + request["seconds"]
    for text in request["texts"]:
        begin = time.process_time()
        try:
            found += read(text)
        except Exception:
            failed += 1
        else:
            used += time.process_time() - begin
            characters += len(text)
        if time.monotonic() >= end:
            break
    return {"characters": characters, "seconds": used, "found": found, "failed": failed}


def answer(message):
    OUT.write(json.dumps(message) + "\n")
    OUT.flush()


def main():
    tool, language = sys.argv[1:]
    build, package = TOOLS[tool]
    try:
        from importlib.metadata import version

        read = build(language)
        number = version(package)
    except Exception as error:
        answer({"error": f"{type(error).__name__}: {error}"})
        return
    answer({"version": f"{package} {number}, Python {sys.version.split()[0]}"})
    for line in sys.stdin:
        answer(measure(read, json.loads(line)))


main()
