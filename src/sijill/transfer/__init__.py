"""
Data in and out: customers from files and to files, and made-up ones for trying things.

Owns: the columns of a file and their headings, reading and writing JSON Lines, CSV and workbooks,
the process that reads a stranger's file, what a row changes, rejects.
Depends on: `domain`. Leaves to others: keeping customers (`storage`), commands and progress
bars (`cli`).
"""
