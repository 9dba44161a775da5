"""
Webhooks as they leave the house: what is due is claimed, sent, and noted.

Owns: when a delivery is tried again, when it is given up, and the worker that does it.
Depends on: `domain`, `wire` (bytes and signatures), `egress` (the one way out). Leaves to others:
what is kept (`storage`), and who may subscribe (`api`).
"""
