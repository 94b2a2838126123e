"""Tests of the reader bridge on a real reader service."""
