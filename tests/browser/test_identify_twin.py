"""The page proposes the same identifiers as the agent, with the same confidence and the same doubts."""

import json
import random
import subprocess
from dataclasses import asdict, replace

import hatch_build
from member.identify import propose
from perf.towns import town_of


def test_the_page_proposes_what_the_agent_proposes() -> None:
    accounts, register, truth = town_of(150)
    chance = random.Random(5)
    known = [
        replace(one, source=chance.choice(["book", "master"]), account=chance.choice(accounts).account)
        for one in register[:30]
    ]
    persons = [replace(one, person=True) for one in register[30:40]]
    some = [
        replace(one, registration=truth[one.account].removeprefix("fr.siren:")) if at % 9 == 0 else one
        for at, one in enumerate(accounts)
    ]
    parties = [*register, *known, *persons]
    told = [
        [
            one.account.account,
            [[each.identifier, each.percent, list(each.sources)] for each in one.candidates],
            one.doubt,
            one.same_as,
            list(one.refused),
        ]
        for one in propose(some, parties)
    ]
    assert sum(bool(one[1]) for one in told) > 100
    assert {one[2] for one in told} >= {"", "homonym", "refused-person", "contradiction"}
    fields = ("account", "name", "postcode", "city", "vat", "registration")
    asked = {
        "accounts": [{name: getattr(one, name) or "" for name in fields} for one in some],
        "parties": [asdict(one) for one in parties],
    }
    hatch_build.install()
    finished = subprocess.run(
        [str(hatch_build.node_folder() / "bin/node"), "tests/identify.run.ts"],
        cwd=hatch_build.WEB,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout) == told
