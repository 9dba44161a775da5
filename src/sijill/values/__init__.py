"""Texts, mobiles, e-mail addresses, money, days and ids: parse, normalise, refuse."""
