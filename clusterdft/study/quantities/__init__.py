"""What is read off clusters, one subject a file: its properties, its table and its figure."""
