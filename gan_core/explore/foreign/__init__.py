"""Generators from elsewhere: files and addresses that nobody vouches for.

A network is first read as plain data (`plan`), checked against limits, and only then its numbers
are fetched: those of `.keras` and `.h5` files by a child process with limits of its own. What is
kept is a plan and plain arrays; the network is built from stock layers by our own code. Nothing of a foreign
file is ever unpickled, imported or executed.
"""
