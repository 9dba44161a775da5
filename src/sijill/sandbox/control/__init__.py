"""The control API of a sandbox: its calls, a file for each kind."""
