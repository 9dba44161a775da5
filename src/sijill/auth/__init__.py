"""
Who may: access tokens and scopes.

Owns: how a token is made, recognised and remembered for a moment; which scope satisfies which.
Depends on: `domain`. Leaves to others: where tokens are kept (`storage`), which route needs
which scope (`api`).
"""
