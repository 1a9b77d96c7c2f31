"""This node, its partners and the federation list."""
