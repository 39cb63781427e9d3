"""Writes holders.json: one batch answered by two of three key holders, for Python and the page.

`python -m tests.vectors.make_holders`. Keys are derived from names: nothing here is secret.
"""

from __future__ import annotations

import json
from pathlib import Path

from privacy import blind
from privacy.evaluate import evaluate, sum_of_parts
from privacy.oprf import read_elements
from privacy.parts import PARTS, public_parts, who_answers
from tests.vectors.make_roster import scalar, text

PATH = Path(__file__).with_name("holders.json")
INPUTS = ["fr.siren:552100554", "fr.siren:356000000", "lei:969500T3MBS4SQAMHJ45"]


def main() -> None:
    """Write the file."""
    parts = {name: scalar(name) for name in PARTS}
    public = public_parts(parts)
    inputs = [one.encode() for one in INPUTS]
    blinds = [scalar(f"blind {one}") for one in INPUTS]
    blinded = blind.deterministic_blind_unchecked(inputs, blinds)
    answers, asked = [], []
    for number, names in who_answers([3, 1], PARTS).items():
        key = sum_of_parts([parts[name] for name in names])
        evaluated, proof = evaluate(key, read_elements(blinded), lambda n=number: scalar(f"nonce {n}"))
        asked.append((names, evaluated, proof))
        answers.append(
            {
                "evaluated": text(evaluated),
                "proof": text(proof),
                "parts": [text(public[name]) for name in names],
            }
        )
    found = blind.finalize_parts(inputs, blinds, blinded, asked, public)
    value = {
        "inputs": INPUTS,
        "blinds": [text(one) for one in blinds],
        "blinded": [text(blinded[at : at + 32]) for at in range(0, len(blinded), 32)],
        "answers": answers,
        "pseudonyms": [text(one) for one in found],
    }
    PATH.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
