"""HTTP without a noun: routes, requests, responses, caching, paging, bodies, languages."""
