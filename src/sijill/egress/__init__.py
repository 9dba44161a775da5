"""
The one way out of the process: whatever leaves it for somebody else's machine goes through here.

Owns: which addresses may be reached (`addresses`), which URLs and headers are written well enough
to be used (`targets`, `fields`), how a name becomes addresses (`resolving`), the sockets that hold
to all this (`network`), and one POST over them (`sending`).
Depends on: nothing of ours. Leaves to others: what is sent, when, and how often it is tried again.
"""
