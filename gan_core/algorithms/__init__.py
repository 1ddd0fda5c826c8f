"""Algorithms: who is updated when. Networks arrive ready-made; losses and penalties as functions."""
