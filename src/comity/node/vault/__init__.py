"""Exhibits, files and packages."""
