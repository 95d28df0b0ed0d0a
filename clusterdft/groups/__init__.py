"""Abstract point groups: operations as matrices, closure, labels, characters, character tables."""
