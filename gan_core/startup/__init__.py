"""How TensorFlow is started: environment, threads, memory, and what its import may print."""
