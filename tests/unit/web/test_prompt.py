"""Connections do not wait to fill a packet."""

import socket

from gan_core.web import prompt


def test_connections_accepted_later_inherit_the_option():
    others = prompt.answer_at_once()  # of whatever runs these tests
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert prompt.answer_at_once() == others + 1
        with socket.create_connection(listener.getsockname()) as _:
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
    assert prompt.answer_at_once() == others
