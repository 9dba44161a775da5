"""The SQLite driver: one writer, several readers, backups."""
