"""Apps and owners: consent, grants, tokens, scopes, sessions, passwords, admission of requests."""
