"""The description of the API, for programs and for people, read off the routes."""
