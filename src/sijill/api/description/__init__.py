"""
The description of the API: one OpenAPI 3.1 document, and the page for people made of it.

Owns: what every route, parameter, answer, key and header means, in Arabic and English.
Depends on: `api.routes` for what there is, `domain`, `wire`. Leaves to others: serving it
(`api.pages`).
"""
