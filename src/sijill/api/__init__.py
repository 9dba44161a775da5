"""
The HTTP surface: from an ASGI scope to bytes, one exit for every fault.

Owns: the table of routes, admission (token, limits, scope, in this order), handlers, headers,
the description of the API, and the edge of the server (caps and deadlines).
Depends on: `domain`, `wire`, `auth`, `limits`. Leaves to others: what values mean (`domain`), what
they look like (`wire`), where they are kept (`storage`), and how the server is started (`app`).
"""
