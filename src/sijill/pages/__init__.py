"""What every page for people shares: templates, style, policy, the link to the other language."""
