"""The sandbox: many small registers behind one socket, each with its own clock and faults."""
