"""The process and its sockets: the protocol, its limits, one process or several, TLS."""
