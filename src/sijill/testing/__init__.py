"""
Tests of apps against the sandbox: start one, and ask it over its control API.

Owns: a namespace as a test sees it (`salla`), and the process that serves it (`server`).
Depends on: the command `sijill` and the names of operations; it knows no test runner.
Leaves to others: fixtures and reports of pytest (`pytest_plugin`).
"""
