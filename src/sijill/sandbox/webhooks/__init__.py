"""Deliveries of a namespace: each attempt is kept, for tests to read and wait for."""
