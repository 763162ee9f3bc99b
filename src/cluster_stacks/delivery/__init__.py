"""Releases become the files that Flux, Argo CD and others consume."""
