"""
Reads of a linked store, answered from the mirror, and writes, refused or passed on.

Owns: what a client may ask of a copy (`directives`), how fresh a copy is told to be (`headers`),
bodies cut from those of upstream (`bodies`), and the handlers that stand before those of the
register (`handlers`, `writes`, `routes`).
"""
