"""Sijill (سجل, "register"): a self-hosted customer register that speaks Salla's Customers API."""

__version__ = "0.1.0"
