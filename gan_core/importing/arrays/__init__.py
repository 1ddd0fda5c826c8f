"""Arrays of strangers' files as pictures: which array means what, how it is laid out, what is white."""
