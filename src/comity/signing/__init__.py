"""Signing: seals, signatures on PDF and CMS, timestamps, and whom to trust."""
