"""Buyers over HTTP: the website's forms with a payment, and JSON-2 with a key."""

import http.client
import json
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

TIMEOUT_S = 90
KNOCKS = 40


class Visitor:
    """A browser of the public, as far as forms go."""

    def __init__(self, url):
        self.url = url
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), _Stay()
        )

    def get(self, path):
        return self._open(urllib.request.Request(self.url + path))

    def post(self, path, **form):
        data = urllib.parse.urlencode(form).encode()
        return self._open(urllib.request.Request(self.url + path, data))

    def rpc(self, path, **params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "application/json"}
        )
        answer = json.loads(self._open(request)[1])
        return answer.get("result"), (answer.get("error") or {}).get("data", {}).get("message")

    def _open(self, request):
        return patiently(lambda: self._ask(request))

    def _ask(self, request):
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error.headers


def patiently(ask):
    """Knock again where the server's queue of connections is full, as a browser does."""
    for _try in range(KNOCKS):
        try:
            return ask()
        except (ConnectionError, http.client.RemoteDisconnected):
            time.sleep(random.uniform(0.2, 1))
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
            time.sleep(random.uniform(0.2, 1))
    return ask()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


class Concert:
    """What buyers are told of: made by `rush_concert` in the database."""

    def __init__(self, facts):
        self.event, self.rate, self.questions = (
            facts[key] for key in ("event", "rate", "questions")
        )


def choose(visitor, concert, number=1):
    """Pick seats; answers the form's token, or None when the house is full."""
    answer, error = visitor.rpc(
        f"/event/{concert.event}/registration/new", **{f"nb_register-{concert.rate}": str(number)}
    )
    if error or "o_tibillet_countdown" not in (answer or ""):
        return None
    return re.search(r'name="csrf_token" value="([^"]+)"', answer)[1]


def confirm(visitor, concert, token):
    """Send the names; whether the basket has the seat."""
    form = {
        "csrf_token": token,
        "1-event_ticket_id": concert.rate,
    }
    for kind, answer in (("name", "Anna"), ("email", "anna@demo.example")):
        if question := concert.questions.get(kind):
            form[f"1-{kind}-{question}"] = answer
    status, _page, headers = visitor.post(f"/event/{concert.event}/registration/confirm", **form)
    return status in (302, 303) and "/shop/" in headers["Location"]


def begin_to_pay(visitor, order, provider):
    """Have the payment of an order begun; answers (reference, sentence when it is refused)."""
    values, error = visitor.rpc(
        f"/shop/payment/transaction/{order['id']}",
        access_token=order["token"],
        provider_id=provider["id"],
        payment_method_id=provider["method"],
        token_id=None,
        flow="direct",
        tokenization_requested=False,
        landing_route="/shop/payment/validate",
    )
    return (values or {}).get("reference"), error


def succeed(visitor, reference):
    """The provider tells Odoo of a success; answers its sentence when that is refused."""
    _answer, error = visitor.rpc(
        "/payment/demo/simulate_payment",
        reference=reference,
        simulated_state="done",
        payment_details="1234",
    )
    return error


def look(visitor):
    """The visitor's page asks how it went: Odoo confirms the order then."""
    return visitor.rpc("/payment/status/poll")[1]


def register_by_api(url, key, concert):
    """One registration by JSON-2; answers (status, text)."""
    request = urllib.request.Request(
        f"{url}/json/2/event.registration/create",
        json.dumps(
            {
                "vals_list": [
                    {
                        "event_id": concert.event,
                        "event_ticket_id": concert.rate,
                        "name": "By the API",
                        "state": "open",
                    }
                ]
            }
        ).encode(),
        {"Content-Type": "application/json", "Authorization": f"bearer {key}"},
    )

    def ask():
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    return patiently(ask)


def together(works):
    """Run functions side by side; answers their results in order."""
    answers = [None] * len(works)

    def run(at, work):
        try:
            answers[at] = work()
        except Exception as error:
            answers[at] = error

    threads = [threading.Thread(target=run, args=item, daemon=True) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT_S * 4)
    return answers


def rush_concert(env, seats):
    """A published concert of so many seats at 12 €, the demo provider, a key of the API."""
    website = env["website"].search([], limit=1, order="id")
    company = website.company_id
    product = env["product.product"].create(
        {
            "name": "Seat",
            "type": "service",
            "service_tracking": "event",
            "list_price": 12,
            "company_id": company.id,
            "taxes_id": False,
        }
    )
    event = env["event.event"].create(
        {
            "name": "Rush",
            "date_begin": "2030-06-01 20:00:00",
            "date_end": "2030-06-01 23:00:00",
            "company_id": company.id,
            "website_id": website.id,
            "is_published": True,
            "seats_limited": True,
            "seats_max": seats,
            "event_ticket_ids": [(0, 0, {"name": "Seat", "product_id": product.id, "price": 12})],
        }
    )
    provider = env["payment.provider"].search(
        [("code", "=", "demo"), ("company_id", "=", company.id)], limit=1
    )
    provider.write({"state": "test", "is_published": True})
    provider.mapped("journal_id")  # Odoo makes what the journal needs when it is first read
    method = env["payment.method"].search([("code", "=", "demo")], limit=1)
    method.active = True
    admin = env.ref("base.user_admin")
    key = env["res.users.apikeys"].with_user(admin)._generate("rpc", "rush", None)
    questions = event.general_question_ids | event.specific_question_ids
    kinds = {question.question_type: question.id for question in questions}
    return {
        "event": event.id,
        "rate": event.event_ticket_ids.id,
        "questions": kinds,
        "provider": {"id": provider.id, "method": method.id},
        "key": key,
    }
