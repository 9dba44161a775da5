"""Customer groups: conditions, memberships, and their evaluation."""
