"""
How often: the two limiters of the contract and the counters that hold their state.

Owns: the arithmetic of windows (`window`), which rules a request meets (`policy`), and the
counters that keep the state: `memory` for one process, `sqlite` for the processes of one machine,
`redis` (with its scripts) for several machines, and `fallback` while the shared counter is away.
Every counter decides as `window.decide` does, in one atomic step. What passed and what was refused
is tallied by app (`tally`), and kept for a week (`usage`).
Depends on: the database and the log, for `usage` alone. Leaves to others: headers and refusals
(`http`), the choice of the counter (`app`).
"""
