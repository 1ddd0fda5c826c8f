"""What trained networks are used for, and how their pictures are laid out."""
