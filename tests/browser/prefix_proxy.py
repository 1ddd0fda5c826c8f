"""A reverse proxy for tests: it forwards what is below a prefix, kept or stripped, and nothing else."""

import contextlib
import socket
import socketserver
import threading

END = b"\r\n\r\n"
CLOSE = b"\r\nContent-Length: 0\r\nConnection: close" + END


class PrefixProxy(socketserver.ThreadingTCPServer):
    """`with PrefixProxy(port, "/lab/gan", strip=False) as proxy:` listens at `proxy.url`.

    Every connection carries one request, or one websocket. Whatever is asked for outside of the prefix
    is answered 404 and noted in `missed`, as by a server on which the app is one of many.

    Args:
        port: of the server behind it, on this machine.
        prefix: with a slash before and none after.
        strip: take the prefix off, as jupyter-server-proxy does.
    """

    request_queue_size = 64

    def __init__(self, port: int, prefix: str, *, strip: bool):
        super().__init__(("127.0.0.1", 0), _Connection)
        self.port, self.prefix, self.strip = port, prefix, strip
        self.missed: list[str] = []
        self.open: set[socket.socket] = set()
        self.url = f"http://localhost:{self.server_address[1]}{prefix}"
        self._serving = threading.Thread(target=self.serve_forever, args=(0.05,))

    def __enter__(self):
        self._serving.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self._serving.join()
        for each in list(self.open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.server_close()  # waits for the connections


class _Connection(socketserver.BaseRequestHandler):
    def handle(self):
        head, rest = self._head()
        if not head:
            return
        first, *headers = head.decode("latin-1").split("\r\n")
        method, target, version = first.split(" ", 2)
        path, prefix = target.partition("?")[0], self.server.prefix
        if self.server.strip and path == prefix:  # every such proxy does so
            self.request.sendall(f"HTTP/1.1 301 Moved\r\nLocation: {prefix}/".encode() + CLOSE)
        elif path != prefix and not path.startswith(prefix + "/"):
            self.server.missed.append(target)
            self.request.sendall(b"HTTP/1.1 404 Not Found" + CLOSE)
        else:
            target = target[len(prefix) :] if self.server.strip else target
            lines = [f"{method} {target} {version}", *_one_request(headers)]
            self._forward("\r\n".join(lines).encode("latin-1") + END + rest)

    def _head(self) -> tuple[bytes, bytes]:
        """The request's lines, and what has come of its body; (b"", b"") of a connection that closed."""
        data = b""
        while END not in data:
            if not (more := self.request.recv(65536)):
                return b"", b""
            data += more
        head, _, rest = data.partition(END)
        return head, rest

    def _forward(self, data: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self.server.port)) as behind:
            both = {self.request, behind}
            self.server.open |= both
            behind.sendall(data)
            back = threading.Thread(target=_pipe, args=(behind, self.request))
            back.start()
            _pipe(self.request, behind)
            back.join()
            self.server.open -= both


def _one_request(headers: list[str]) -> list[str]:
    """The same headers; the connection of what is no websocket ends with the answer."""
    if any(header.lower() == "upgrade: websocket" for header in headers):
        return headers
    return [h for h in headers if not h.lower().startswith("connection:")] + ["Connection: close"]


def _pipe(source: socket.socket, target: socket.socket) -> None:
    """Copy until one of them ends; then the other is told."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for each, how in ((target, socket.SHUT_WR), (source, socket.SHUT_RD)):
        with contextlib.suppress(OSError):
            each.shutdown(how)
