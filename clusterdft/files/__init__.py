"""Reading and writing files, and choices by name."""
