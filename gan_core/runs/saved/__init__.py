"""What a run keeps of its networks: checkpoints, weights, their manifests, and which of them stay."""
