"""The node: one state's Comity, on Django."""
