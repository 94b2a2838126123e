"""The WebSocket side: who may listen, and what is said."""

import asyncio
import http
import json
import logging

from websockets.asyncio.server import broadcast, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Response

from . import SUBPROTOCOL, pcsc
from .pairing import Attempts, PairingError

_logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
MAX_FRAME_BYTES = 4096
MAX_TOKEN_LENGTH = 100
MAX_CLIENTS = 16
MAX_WAITING_BYTES = 64 * 1024
PAIR_SECONDS = 5
MESSAGES_PER_SECOND = 20
PING_SECONDS = 15

CLOSE_POLICY = 1008
CLOSE_NOT_PAIRED = 4401
CLOSE_TOO_SLOW = 4408
CLOSE_RATE_LIMITED = 4429


class Bridge:
    """Hand what happens in the field to every paired till.

    :param field: a :class:`~.field.Field`
    :param token_file: a :class:`~.pairing.TokenFile`
    :param origins: allowed origins, normalised
    :param port: TCP port on the loopback address; 0 takes a free one
    """

    def __init__(self, field, token_file, origins, port, attempts=None):
        self._field = field
        self._token_file = token_file
        self._origins = frozenset(origins)
        self._port = port
        self._attempts = attempts or Attempts()
        self._paired = set()
        self._connections = 0
        self._loop = None
        self._server = None

    @property
    def port(self):
        """The port in use."""
        return self._server.sockets[0].getsockname()[1]

    # --- life ---------------------------------------------------------------------------------
    async def start(self):
        """Listen."""
        self._loop = asyncio.get_running_loop()
        self._server = await serve(
            self._handle,
            HOST,
            self._port,
            process_request=self._examine,
            subprotocols=[SUBPROTOCOL],
            compression=None,
            max_size=MAX_FRAME_BYTES,
            max_queue=8,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            close_timeout=2,
            server_header=None,
        )

    async def stop(self):
        """Say goodbye to every till."""
        self._server.close()
        await self._server.wait_closed()

    def emit(self, event):
        """Send an event to every paired till; callable from any thread."""
        self._loop.call_soon_threadsafe(self._broadcast, event)

    def _broadcast(self, event):
        for connection in list(self._paired):
            # A till that no longer reads must not make the bridge grow.
            if connection.transport.get_write_buffer_size() > MAX_WAITING_BYTES:
                _logger.warning("A till stopped reading; its line is cut.")
                self._paired.discard(connection)
                connection.transport.abort()
        broadcast(self._paired, json.dumps(event))

    # --- at the door ----------------------------------------------------------------------------
    def _examine(self, connection, request):
        """Refuse who may not speak; answer a browser that asks before it calls.

        The host must be the loopback: a name that an attacker points to 127.0.0.1 is not ours.
        """
        origins = request.headers.get_all("Origin")
        origin = origins[0] if len(origins) == 1 else None
        hosts = request.headers.get_all("Host")
        own = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")}
        if len(hosts) != 1 or hosts[0].lower() not in own:
            return connection.respond(http.HTTPStatus.MISDIRECTED_REQUEST, "Wrong host.\n")
        if origin not in self._origins:
            _logger.warning("Refused a page from %s.", str(origin)[:100])
            return connection.respond(http.HTTPStatus.FORBIDDEN, "This origin is not allowed.\n")
        if request.method == "OPTIONS":
            return self._preflight(origin)
        if self._connections >= MAX_CLIENTS:
            return connection.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, "Too many tills.\n")
        return None

    @staticmethod
    def _preflight(origin):
        """Answer browsers that ask leave for private (until 2025) or local network access."""
        headers = Headers(
            {
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Methods": "GET",
                "Access-Control-Allow-Private-Network": "true",
                "Access-Control-Allow-Local-Network": "true",
                "Access-Control-Max-Age": "600",
                "Vary": "Origin",
                "Content-Length": "0",
                "Connection": "close",
            }
        )
        return Response(http.HTTPStatus.NO_CONTENT, "No Content", headers)

    # --- in conversation ------------------------------------------------------------------------
    async def _handle(self, connection):
        self._connections += 1
        try:
            if await self._pair(connection):
                await self._converse(connection)
        except ConnectionClosed:
            pass
        finally:
            self._paired.discard(connection)
            self._connections -= 1

    async def _pair(self, connection):
        """Expect the token as the first word; return whether it was right."""
        try:
            async with asyncio.timeout(PAIR_SECONDS):
                message = self._parse(await connection.recv())
        except TimeoutError:
            return await self._refuse(connection, "not_allowed", CLOSE_TOO_SLOW)
        if self._attempts.exhausted():
            return await self._refuse(connection, "rate_limited", CLOSE_RATE_LIMITED)
        token = message.get("token") if message and message["type"] == "pair" else None
        if not isinstance(token, str) or len(token) > MAX_TOKEN_LENGTH:
            self._attempts.fail()
            return await self._refuse(connection, "invalid", CLOSE_NOT_PAIRED)
        try:
            right = self._token_file.matches(token)
        except PairingError as error:
            _logger.error("%s", error)
            right = False
        if not right:
            self._attempts.fail()
            _logger.warning("A till came with a wrong token.")
            return await self._refuse(connection, "not_allowed", CLOSE_NOT_PAIRED)
        # No pause between the list and the set: a change after this line is broadcast to it too.
        hello = json.dumps({"type": "hello", "readers": self._field.readers})
        self._paired.add(connection)
        await connection.send(hello)
        return True

    async def _refuse(self, connection, code, close_code):
        await self._send(connection, {"type": "error", "code": code})
        await connection.close(close_code, code)
        return False

    async def _converse(self, connection):
        budget, since = MESSAGES_PER_SECOND, self._loop.time()
        async for frame in connection:
            now = self._loop.time()
            budget = min(MESSAGES_PER_SECOND, budget + (now - since) * MESSAGES_PER_SECOND)
            since = now
            budget -= 1
            if budget < 0:
                await self._refuse(connection, "rate_limited", CLOSE_RATE_LIMITED)
                return
            message = self._parse(frame)
            kind = message and message["type"]
            if kind == "read_ndef":
                await self._send(connection, await asyncio.to_thread(self._read_ndef))
            elif kind == "beep":
                await asyncio.to_thread(self._field.beep, message.get("ok", True) is not False)
            else:
                await self._send(connection, {"type": "error", "code": "invalid"})

    def _read_ndef(self):
        """Answer ``ndef`` or an error; the answer names its question in ``about``."""
        try:
            return {"type": "ndef", **self._field.read_ndef()}
        except pcsc.CardGone:
            code = "card_withdrawn"
        except pcsc.CardUnreadable:
            code = "card_unknown"
        except pcsc.PcscError:
            code = "reader_unplugged"
        return {"type": "error", "code": code, "about": "read_ndef"}

    @staticmethod
    async def _send(connection, message):
        await connection.send(json.dumps(message))

    @staticmethod
    def _parse(frame):
        """Return the message as a dictionary with a text ``type``, or None."""
        if not isinstance(frame, str):
            return None
        try:
            message = json.loads(frame)
        except (ValueError, RecursionError):
            return None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            return None
        return message
