"""A small CRM that keeps the customers of a Salla store in a SQLite file."""
