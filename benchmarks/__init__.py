"""
Measurements of Sijill: one command, real processes, one core for the server.

Owns: made-up registers to measure on (`data`), the processes (`servers`, `databases`, `constant`),
the load (`load`), rounds in turns (`rounds`), the questions (`throughput`, `scale`) and how the
answers are shown (`report`). Depends on: `app`, `config`, `auth`, `domain`, `transfer`, `demo`, and
the command line. Leaves to others: whether a figure is good enough for a release; nothing here is
a test.
"""
