"""
The only way out of the process: every message to another machine goes through this package.

Owns: the addresses of a name and the rules of what may be reached (`addresses`), the rules of URLs
and header fields (`targets`, `message`), connections that respect them (`network`, `streams`), and
one message over a connection (`sending`).
Depends on: nothing of ours. Leaves to others: the messages, their times and their retries.
"""
