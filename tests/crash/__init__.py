"""Runs in which something breaks off, vanishes or is copied while others write: `make crash`."""
