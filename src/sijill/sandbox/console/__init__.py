"""The pages of the sandbox in the console of each namespace: its clock, faults and journal."""
