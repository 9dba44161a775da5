"""
Webhooks: subscriptions of apps to events, deliveries of these events, and the feed of changes.

Owns: the fields and rules of a webhook, its signatures, the outbox, when a delivery is tried again
or given up, and the worker that does so. Depends on: `oauth`, `stores`, `egress` (the one way out).
Leaves to others: the bodies of a customer's events (`customers`).
"""
