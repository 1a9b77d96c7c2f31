"""Requests: drafted, composed from a resolution, rendered as a letter, moved by their acts."""
