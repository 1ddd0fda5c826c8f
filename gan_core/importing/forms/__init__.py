"""One module a kind of thing that can be imported; each has `recognise` and `open`, see base.Form.

They are asked in the order of ORDER: what is told by its layout comes before what is told by its names.
"""

ORDER = ("npz", "pairs", "pictures", "npy", "mat", "hdf5", "idx", "cifar", "table")
