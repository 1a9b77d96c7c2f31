"""How strong a match is: match probabilities, likelihood ratios, kinship, mixtures, chance matches.

Every number names its formula, theta, population, that population's size, and the loci left out with the reason.
Where a model does not hold, no number is given.
"""
