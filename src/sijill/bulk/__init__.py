"""Changes of all customers of a selection: confirmed by their number, made in the background."""
