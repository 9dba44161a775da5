"""Stores, and the countries, cities and languages, which are the same for every store."""
