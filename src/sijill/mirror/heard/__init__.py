"""
Webhooks of upstream: verified, stored before they are answered, and worked later.

Owns: the rules of what each event means (`model`), the store of bodies (`table`), the route
(`handlers`, `routes`), and the job (`job`).
"""
