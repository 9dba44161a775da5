"""A certificate authority of the server's own, and the certificate that HTTPS shows."""
