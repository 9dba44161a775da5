"""Tests of the way out, and the receivers it meets."""
