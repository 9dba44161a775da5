"""
The way to upstream: the client that asks it, the tokens that it takes, the shapes that it answers.

Owns: the link of a store (`table`), its tokens (`tokens`, `exchange`), requests (`client`), and
what answers look like (`shapes`, `shape_table`, `lookout`).
"""
