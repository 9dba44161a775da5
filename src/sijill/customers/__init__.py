"""Customers: the record, its fields, its answers, its search and its events."""
