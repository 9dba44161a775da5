"""The fields of bodies and files, and the sentences for the rules that a field may break."""
