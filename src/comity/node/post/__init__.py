"""Outbox, inbox and pulls."""
