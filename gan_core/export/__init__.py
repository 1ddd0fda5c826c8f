"""What is taken away: models, films, curves, samples, cards, TensorBoard events, and words on how to use them."""
