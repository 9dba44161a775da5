"""Customers in files: read, written, imported in the background, generated."""
