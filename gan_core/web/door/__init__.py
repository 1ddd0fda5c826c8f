"""The door: who may come in from other machines, and as what.

`settings.py` reads how it is locked, `door.py` is the one middleware that opens it, `people.py` knows
who a request is from (a ticket, a proxy that logs in, OpenID Connect), `passwords.py` and `tickets.py`
are the key and what it buys, `tries.py` counts wrong keys, `form.py` is what people see of it. What a
viewer or trainer may do inside is not its business (gan_core/storage/access.py).
"""
