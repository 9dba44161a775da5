"""
Measurements of Sijill: one command, real processes, one core for the server.

Owns: made-up registers to measure on (`data`), the processes (`servers`, `databases`, `constant`),
the load (`load`), rounds in turns (`rounds`), the questions (`throughput`, `scale`, `search`,
`writes`, `webhooks`), two trees compared (`against`, `contestants`, `comparison`) and how the
answers are shown (`report`). Depends on: the command line and HTTP; `quiet` and `slow_disk` alone
import from the package. Leaves to others: whether a figure is good enough for a release; nothing
here is a test.
"""
