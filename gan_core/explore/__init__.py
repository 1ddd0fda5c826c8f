"""Exploring trained generators: stored weights, directions, neighbours, projection.

NumPy, and TrainedGenerators that somebody else opened; only `project` and `opinion` compute
gradients. Nothing here touches a network that trains.
"""
