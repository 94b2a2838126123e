"""Journeys through a browser, a server and a reader that are all real."""
