"""
Webhooks: the bodies that register them, and their deliveries, which are claimed, sent and noted.

Owns: the table of a webhook's fields, when a delivery is tried again, when it is given up, and the
worker that does it. Depends on: `domain`, `fields`, `wire` (bytes and signatures), `egress` (the
one way out). Leaves to others: storing webhooks (`storage`), and who may subscribe (`api`).
"""
