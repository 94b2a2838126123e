"""Helpers of the tests that run on real processes; their fixtures are in `tests/conftest.py`."""
