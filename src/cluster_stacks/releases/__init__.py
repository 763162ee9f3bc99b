"""What the rendered branch holds: release.json, series, digests and the paths they stand at."""
