"""Dossiers, drafts and acts."""
