"""What Cluster API makes of a ClusterClass and of a Cluster: their parts, patches and variables."""
