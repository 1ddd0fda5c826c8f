"""What is taken away: models, films, curves, samples, cards, TensorBoard events, and how to use them."""
