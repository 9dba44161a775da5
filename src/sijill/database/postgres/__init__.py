"""The PostgreSQL driver: a pool of connections, and what its errors mean."""
