"""Made-up requests over HTTP against a real server; `python -m fuzz` sends as many as wanted."""
