"""What comes in: the fields of a body, and the sentences of the rules a field may break."""
