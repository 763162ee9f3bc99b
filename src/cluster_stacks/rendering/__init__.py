"""Effective layers become a release."""
