"""Tests of the tools that judge the rest: lint, the pytest plugin, the runner."""
