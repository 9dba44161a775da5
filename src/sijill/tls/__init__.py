"""
TLS: an authority of our own, the certificate it gives the server, and the folder that keeps both.

Owns: what certificates say (`certificates`), when they are made (`authority`), how they are kept
and loaded (`folder`). Depends on nothing of ours. Leaves to others: the sockets, and who trusts
the authority. Only `certificates` and `authority` load the library that makes keys.
"""
