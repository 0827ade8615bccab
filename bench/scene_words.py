"""How often sellers' words for a scene are refused though they are harmless, and pass though not.

The words are those of tests/unit/generation/scene_prompts.tsv, written before the rules, or of
another file in the same format: language, `pass` or a category, the words.

    python bench/scene_words.py [file]
"""

import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from jewelrymodel.generation.rules.scene_words import cleaned, refused_word  # noqa: E402  found by the path above


def main() -> None:
    """Print the counts for each language and all together, and each prompt that is misjudged."""
    named = sys.argv[1] if len(sys.argv) > 1 else ROOT / "tests/unit/generation/scene_prompts.tsv"
    text = Path(named).read_text()
    counts: Counter[tuple[str, str]] = Counter()
    for line in text.splitlines():
        language, expected, words = line.split("\t")
        found = refused_word(cleaned(words))
        side = "harmless" if expected == "pass" else "forbidden"
        wrong = (found is None) == (side == "forbidden")
        is_other = bool(found and side == "forbidden" and found.category != expected)
        for row in (language, "all"):
            counts[row, side] += 1
            counts[row, f"{side}, misjudged"] += wrong
            counts[row, "other category"] += is_other
        if wrong:
            print(f"{language} {expected}: {words} -> {found}")
    print("sha256", sha256(text.encode()).hexdigest())
    for row in ("en", "de", "fr", "es", "pt", "all"):
        refused, harmless = counts[row, "harmless, misjudged"], counts[row, "harmless"]
        sent, forbidden = counts[row, "forbidden, misjudged"], counts[row, "forbidden"]
        print(
            f"{row}: refused though harmless {refused} of {harmless},"
            f" sent though forbidden {sent} of {forbidden},"
            f" refused as something else {counts[row, 'other category']}"
        )


if __name__ == "__main__":
    main()
