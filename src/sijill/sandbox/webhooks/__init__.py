"""Deliveries of a namespace: every attempt is kept, and rules make some late, lost or wrong."""
