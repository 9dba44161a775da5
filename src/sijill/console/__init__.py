"""The console: pages on which people see and change what a store has."""
