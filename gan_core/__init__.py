"""GANscope's engine: everything that works without a browser. Importing it imports nothing else."""

__version__ = "0.1.0"
