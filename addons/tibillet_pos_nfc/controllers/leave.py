"""The last word of a till whose page is closed in the middle of a sale."""

import json

from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.http import request

MAX_BYTES = 32768


class TillLeaves(http.Controller):
    @http.route(
        "/tibillet/till/leave",
        type="http",
        auth="user",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def leave(self):
        """Release what the cards of an unfinished order had set aside.

        Sent by the browser's beacon, which waits for no answer and carries no header of ours:
        the body holds the session, the device's secret and the numbered acts. The cashier's
        session and the device are checked as for every act; the secret in the body is what
        another site could not know, hence no token against forged requests.
        """
        raw = request.httprequest.get_data()
        try:
            told = json.loads(raw) if len(raw) <= MAX_BYTES else None
        except ValueError:
            told = None
        if not isinstance(told, dict) or not isinstance(told.get("session"), int):
            raise BadRequest
        session = request.env["pos.session"].browse(told["session"]).exists()
        if not session:
            raise BadRequest
        answer = session.tibillet_release(told.get("device"), told.get("acts"))
        return request.make_json_response(answer)
