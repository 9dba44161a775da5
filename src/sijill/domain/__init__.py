"""
What things mean: customers, stores, faults, and the protocols of whoever keeps them.

Owns: the values every other package speaks in. Depends on: nothing of ours.
Leaves to others: how values look on the wire (`wire`), where they are kept (`storage`).
"""
