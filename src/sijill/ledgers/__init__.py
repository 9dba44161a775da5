"""Wallets and loyalty points: ledgers that only grow."""
