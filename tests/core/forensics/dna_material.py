"""Profiles for the tests: plainly made up, drawn or written by hand."""

import json
import random

from hypothesis import strategies as st

from comity.forensics.dna.place import Place
from comity.forensics.dna.population import population
from comity.forensics.dna.reader import profile

ESS7 = ["vWA", "TH01", "D21S11", "FGA", "D8S1179", "D3S1358", "D18S51"]
EURO16 = [*ESS7, "D1S1656", "D2S441", "D10S1248", "D12S391", "D22S1045", "D2S1338", "D16S539", "D19S433", "SE33"]
FULL = {
    "vWA": ["14", "17"],
    "TH01": ["6", "9.3"],
    "D21S11": ["29", "30.2"],
    "FGA": ["21", "24"],
    "D8S1179": ["12", "13"],
    "D3S1358": ["15", "16"],
    "D18S51": ["13", "17"],
    "Amelogenin": ["X", "Y"],
    "D1S1656": ["15.3", "16"],
    "D2S441": ["10", "14"],
}


def of(name="Q-1", category="trace", loci=None, **members):
    return profile({"id": name, "category": category, "loci": FULL if loci is None else loci, **members}, Place("here"))


def changed(name="D-1", category="person", drop=(), **loci):
    found = {**FULL, **{key.replace("_", " "): value for key, value in loci.items()}}
    return of(name, category, {key: value for key, value in found.items() if key not in drop})


def drawn(count, seed, *, prefix="P", category="person", loci=EURO16, partial=0.0, wild=0.0, off=0.0):
    """Yield profiles as JSON objects, drawn from NIST 1036 Caucasian frequencies."""
    chance, tables = random.Random(seed), population("Cauc").frequencies
    for number in range(count):
        names = list(loci)
        if chance.random() < partial:
            names = sorted(chance.sample(names, chance.randint(6, len(names) - 1)), key=loci.index)
        seen = {}
        for name in names:
            table = {text: p for text, p in tables[name].items() if text[0] not in "<>"}
            pair = chance.choices(list(table), list(table.values()), k=2)
            if chance.random() < wild:
                pair[1] = "*"
            if chance.random() < off:
                pair[0] = "OL"
            seen[name] = pair
        yield {"id": f"{prefix}-{number}", "category": category, "loci": seen}


def lines(path, objects):
    path.write_text("".join(json.dumps(each) + "\n" for each in objects), encoding="utf-8")
    return path


_LETTERS = {
    "TH01": ["6", "7", "9", "9.3", "10"],
    "Penta D": ["9", "9.4", "10", "10.1"],
    "D22S1045": ["15", "15.2", "16"],
}


@st.composite
def single(draw, wildcards=True):
    """A single-source profile over few alleles at twelve loci, so that matches and near matches are common."""
    names = [*EURO16[:9], "Penta D", "D22S1045", "Amelogenin"]
    loci = {}
    for name in names:
        if name == "Amelogenin":
            loci[name] = draw(st.sampled_from([["X", "X"], ["X", "Y"]]))
            continue
        alleles = _LETTERS.get(name, ["15", "15.1", "16"] if name in ("D18S51", "D1S1656") else ["24", "25"])
        alleles = {"vWA": ["14", "15"], "D8S1179": ["12", "13"], "D3S1358": ["15", "16"], "D2S441": ["10", "11"]}.get(
            name, alleles
        )
        pool = [*alleles, *(["*", "OL", "1"] if wildcards and draw(st.integers(0, 5)) == 0 else [])]
        if draw(st.integers(0, 9)):
            loci[name] = [draw(st.sampled_from(pool)), draw(st.sampled_from(pool))]
    return loci
