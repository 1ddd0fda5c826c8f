"""Other people's pictures, from a folder or a file to a data set: looked at first, kept when asked."""
