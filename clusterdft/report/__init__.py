"""Terminal tables, files and figures of searches, clusters and pseudopotentials."""
