"""
Where it is kept: one store over two drivers, SQLite and PostgreSQL.

Owns: the schema and its migrations, the named SQL, transactions, and turning what a database
says into faults. Depends on: `domain`, `auth`. Leaves to others: what a value means (`domain`),
what it looks like on the wire (`wire`), and which database is used (`app`).
"""
