"""The laboratory: the DNA database of this state, offers to partners, comparisons and what follows a hit."""
