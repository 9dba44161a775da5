"""Seed documents: what a namespace begins with, as a file or a control call says it."""
