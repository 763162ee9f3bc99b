"""GitOps generator and validator for Cluster API cluster stacks."""

__version__ = "0.1.0"
