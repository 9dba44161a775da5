"""Stores, and what is the same for every store: countries, cities, languages."""
