"""A run as one zip and back; everything that comes in is checked."""
