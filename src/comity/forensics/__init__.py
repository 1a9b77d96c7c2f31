"""Forensic findings between states (design section 9): a score never travels without its method, data and limits."""
