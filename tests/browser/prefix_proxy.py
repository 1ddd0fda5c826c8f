"""A reverse proxy for tests: it forwards what is below a prefix, kept or stripped, and nothing else."""

import asyncio
import contextlib
import threading

END = b"\r\n\r\n"


class PrefixProxy:
    """`with PrefixProxy(port, "/lab/gan", strip=False) as proxy:` listens at `proxy.url`.

    Every connection carries one request, or one websocket. Whatever is asked for outside of the prefix
    is answered 404 and noted in `missed`, as by a server on which the app is one of many.

    Args:
        port: of the server behind it, on this machine.
        prefix: with a slash before and none after.
        strip: take the prefix off, as jupyter-server-proxy does.
        host: the Host that the server is told; "": the browser's.
    """

    def __init__(self, port: int, prefix: str, *, strip: bool, host: str = ""):
        self.port, self.prefix, self.strip, self.host = port, prefix, strip, host
        self.missed: list[str] = []
        self._loop, self._tasks = asyncio.new_event_loop(), set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        starting = asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        self.own_port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://localhost:{self.own_port}{self.prefix}"
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self):
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader, writer):
        task = self._loop.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(END)
            target = head.split(b" ", 2)[1].decode("latin-1")
            if self.strip and target == self.prefix:  # every such proxy does so
                writer.write(b"HTTP/1.1 301 Moved\r\nLocation: " + f"{target}/".encode())
                writer.write(b"\r\nContent-Length: 0\r\nConnection: close" + END)
            elif (forwarded := self._rewritten(head)) is None:
                self.missed.append(target)
                writer.write(
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close" + END
                )
            else:
                await self._exchange(forwarded, reader, writer)
        writer.close()

    async def _exchange(self, head, reader, writer):
        behind, to_behind = await asyncio.open_connection("127.0.0.1", self.port)
        to_behind.write(head)
        ways = [
            asyncio.ensure_future(_pipe(reader, to_behind)),
            asyncio.ensure_future(_pipe(behind, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(ways[1:], timeout=5)  # what was answered last
        finally:
            for way in ways:
                way.cancel()
            to_behind.close()

    def _rewritten(self, head: bytes) -> bytes | None:
        """The head as the server gets it; None where the address is not below the prefix."""
        first, *headers = head[: -len(END)].decode("latin-1").split("\r\n")
        method, target, version = first.split(" ", 2)
        path = target.partition("?")[0]
        if path != self.prefix and not path.startswith(self.prefix + "/"):
            return None
        if self.strip:
            target = target[len(self.prefix) :] or "/"
        kept = dict(header.split(": ", 1) for header in headers)
        if self.host:
            kept["Host"] = self.host
        if kept.get("Upgrade", "").lower() != "websocket":
            kept["Connection"] = "close"
        lines = [
            f"{method} {target} {version}",
            *(f"{name}: {value}" for name, value in kept.items()),
        ]
        return "\r\n".join(lines).encode("latin-1") + END


async def _pipe(reader, writer):
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
