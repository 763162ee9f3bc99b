"""Policies: what a repository asks of its objects, as CEL expressions in files."""
