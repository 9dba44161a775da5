"""
Webhooks: subscriptions of apps to events, deliveries of these events, and the feed of changes.

Owns: the fields and rules of a webhook, its signatures, the outbox, the schedule of retries, and
the worker that delivers. Depends on: `oauth`, `stores`, `egress` (the one way out).
Leaves to others: the bodies of a customer's events (`customers`).
"""
