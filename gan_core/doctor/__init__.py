"""The doctor: says in words what is wrong with a training, why, and what to do. NumPy only.

evidence.py (what was seen) -> signs.py (does an ailment show, by thresholds.py) -> doctor.py (is it
there to stay) -> words.py (sentence, numbers, cause) and remedies.py (one thing to do).
"""
