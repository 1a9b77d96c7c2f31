"""Comity: the open platform with which states cooperate in criminal matters.

``ARCHITECTURE.md`` at the root of the repository follows one request through these packages.
"""
