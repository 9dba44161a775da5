"""What every page for people shares: template rendering, style, policy, wording, problems."""
