"""The pages of a store that is a copy of another one."""
