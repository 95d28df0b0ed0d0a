"""Where work is done and kept: executors, threads, the store and its keys."""
