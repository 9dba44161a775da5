"""Backups: a checked copy of the whole register in a folder of its own, and the way back."""
