"""
How often: the two limiters of the contract and the counters that hold their state.

Owns: the arithmetic of windows (`window`), which rules a request meets (`policy`), and the
counters that keep the state: `memory` for one process, `sqlite` for the processes of one machine,
`redis` (with `hit.lua`) for machines, and `fallback` for while the shared one is away. Every
counter decides as `window.decide` does, in one atomic step.
Depends on: nothing of ours. Leaves to others: headers and refusals (`api`), which counter is used
and what is logged (`app`).
"""
