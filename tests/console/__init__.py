"""Tests of the console; `python -m console.pictures` takes its pictures."""
