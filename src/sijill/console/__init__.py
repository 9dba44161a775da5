"""
Pages for people: sign in, agree, set up; in Arabic and English, without a script.

Owns: the HTML, its one style, every word on it, and the Content-Security-Policy it needs.
Depends on: `domain`, `auth`, `wire` (which languages there are). Pure: values in, bytes out; Jinja
is loaded with the first page. Leaves to others: routes, cookies, and what a form does (`api`).
"""
