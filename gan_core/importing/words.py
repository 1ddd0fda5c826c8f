"""What is told of pictures: why one cannot be used, and what was done to it."""

REASONS = {  # why a picture cannot be used -> in words, of several
    "damaged": "cannot be read as a picture",
    "cut off": "are cut off",
    "too large": "are larger than is decoded",
    "too small": "are smaller than 28 pixels",
    "one colour": "have one colour only",
    "memory": "need too much memory",
    "time": "take too long",
    "crash": "made the decoder crash",
    "gone": "vanished or cannot be opened",
    "no partner": "lack their partner",
    "no halves": "are not twice as wide as high, so no two halves",
}
ANYWAY = ("too small", "one colour")  # reasons that a plan may disregard
DID = {  # what was done to pictures and should be known -> in words, of one and of several
    "turned": ("{n} was turned as its camera says.", "{n} were turned as their camera says."),
    "transparent": (
        "{n} is transparent, so the ground that is chosen shows through.",
        "{n} are transparent, so the ground that is chosen shows through.",
    ),
    "cmyk": (
        "{n} is CMYK, so its colours may shift a little.",
        "{n} are CMYK, so their colours may shift a little.",
    ),
    "16 bits": (
        "{n} has 16 bits or more and was brought to 8.",
        "{n} have 16 bits or more and were brought to 8.",
    ),
    "own span": (
        "{n} has no fixed white, as 32 bits and fractions do; it goes from its least to its largest.",
        "{n} have no fixed white, as 32 bits and fractions do; each goes from its least to its largest.",
    ),
    "animated": (
        "{n} is animated or has pages; the first one was taken.",
        "{n} are animated or have pages; the first one was taken.",
    ),
}


def did(word: str, count: int) -> str:
    """What was done to so many pictures, as a sentence."""
    one, many = DID[word]
    return (one if count == 1 else many).format(n=f"{count:,}")
