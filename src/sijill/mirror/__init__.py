"""The mirror: a store whose customers are a live copy of those of another server."""
