"""Processes, tools, workers and bundled data."""
