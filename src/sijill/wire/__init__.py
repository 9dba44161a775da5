"""
Salla's JSON, both ways: what a value looks like on the wire, and what a request says.

Owns: key order, profiles, dates, envelopes, texts in Arabic and English, query parameters.
Depends on: `domain`. Pure: no I/O, no clock. Leaves to others: headers and routes (`api`).
"""
