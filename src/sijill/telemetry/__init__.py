"""Logs and metrics. Personal data and tokens reach neither."""
