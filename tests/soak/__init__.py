"""`make soak`: hours of mixed load on a real server, and whether anything of it grows."""
