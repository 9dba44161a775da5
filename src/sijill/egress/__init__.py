"""
The one way out of the process: every message to somebody else's machine goes through here.

Owns: the addresses of a name and those that may be reached (`addresses`), which URLs and header
fields may be used (`targets`, `message`), the sockets that hold to all this (`network`,
`streams`), and one POST over them (`sending`).
Depends on: nothing of ours. Leaves to others: what is sent, when, and how often it is tried again.
"""
