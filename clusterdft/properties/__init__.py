"""What is read off results and geometries, one property a file; atomic units throughout."""
