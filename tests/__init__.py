"""Tests that cross addons or need real processes."""
