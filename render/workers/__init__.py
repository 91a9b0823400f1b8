"""Processes that do jobs, and whoever talks to them."""
