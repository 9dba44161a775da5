"""The common part of pages for people: templates, style, policy, the link to the other language."""
