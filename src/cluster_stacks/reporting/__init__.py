"""Findings and results become text, JSON and annotations."""
