"""Apps and people: consent, grants, tokens, scopes, sessions, passwords, admission of requests."""
