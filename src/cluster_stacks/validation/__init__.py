"""Objects in, findings out: schema engines and the rules of Cluster API."""
