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
DID = {  # what was done to a picture and should be known -> in words, of several
    "turned": "were turned as their camera says",
    "transparent": "are transparent; white shows through, or another ground that is chosen",
    "cmyk": "are CMYK, so their colours may shift a little",
    "16 bits": "have 16 bits or more and were brought to 8",
    "own span": "have no fixed white, as 32 bits and fractions do; each goes from its least to its largest",
    "animated": "are animated or have pages; the first one was taken",
}
