"""`python -m cluster_stacks`."""

from cluster_stacks.cli.main import main

main()
