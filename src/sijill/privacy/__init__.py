"""The rights of persons: access, erasure, holds, requests, recipients, records of processing."""
