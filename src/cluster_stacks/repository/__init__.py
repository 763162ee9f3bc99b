"""Git snapshots, stack discovery, effective layers, settings.

What this package and `versioning` hand around are NamedTuples rather than dataclasses: making such a class costs a
fifth at import, and a hook that runs at each commit imports them all.
"""
