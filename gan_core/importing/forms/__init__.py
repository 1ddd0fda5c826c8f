"""One module a kind of thing that can be imported; each has `recognise` and `open` (base.Form)."""
