"""The law base, as this node answers from it."""
