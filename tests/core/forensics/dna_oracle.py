"""The Prüm rules once more, written from their text with strings and no index, to hold the product against.

Nothing of `comity` is imported here.
"""

PENTA = {"Penta D", "Penta E", "CD4"}
TRI = {"D22S1045"}
NOT_JUDGED = {"Amelogenin", "DYS391", "DYS570", "DYS576", "Yindel"}
WILD = {"*", "o", "O", "f", "F", "r", "R", "na", "NA", "nr", "NR", "un", "UN", "OL", "0", "1", "99"}


def export(alleles):
    """W1, W2: what is no number becomes a wildcard."""
    return ["*" if each in WILD or each[0] in "<>" else each for each in alleles]


def search_set(text, locus):
    """V1, V2, V3: the alleles a microvariant is searched against."""
    whole, _, part = text.partition(".")
    if not part:
        return {text}
    last = 4 if locus in PENTA else 2 if locus in TRI else 3
    whole, part = int(whole), int(part)
    below = f"{whole}.{part - 1}" if part > 1 else str(whole)
    above = f"{whole}.{part + 1}" if part < last else str(whole + 1)
    return {below, text, above}


def near(a, b, locus):
    return a != b and (b in search_set(a, locus) or a in search_set(b, locus))


def judge(ours, theirs):
    """Return the quality 1 to 4, or None; profiles are {locus: [two alleles]} of single sources."""
    full = wild = base = other = 0
    for locus in ours.keys() & theirs.keys() - NOT_JUDGED:
        a, b = export(ours[locus]), export(theirs[locus])
        if len(a) != 2 or len(b) != 2 or a == ["*", "*"] or b == ["*", "*"]:
            continue
        best = None
        for c, d in ((b[0], b[1]), (b[1], b[0])):
            kinds = []
            for x, y in ((a[0], c), (a[1], d)):
                if "*" in (x, y):
                    kinds.append("wild")
                elif x == y:
                    kinds.append("equal")
                elif near(x, y, locus):
                    kinds.append("base")
                else:
                    kinds.append("other")
            rank = (kinds.count("base") + kinds.count("other"), kinds.count("other"), kinds.count("wild"))
            if best is None or rank < best[0]:
                best = (rank, kinds)
        kinds = best[1]
        full += kinds == ["equal", "equal"]
        wild += "wild" in kinds
        base += kinds.count("base")
        other += kinds.count("other")
    if full < 6 or base + other > 1 or (wild and base + other):
        return None
    return 4 if other else 3 if base else 2 if wild else 1
