"""What is read off a geometry on a surface: vibrations."""
