"""The night itself: doors, customers at every till at once, and the closings."""

import threading
import time
from collections import Counter

from tools.bench.figure import percentile

from .customers import CARD_LOADS_MINOR, POOR_LOAD_MINOR, Customers
from .draw import LOSS, draw
from .till import Till

SPEAKS_EVERY_S = 15


class Evening:
    """Many tills on one server.

    :param venue: as `tools.simulate.venue.build` made it
    :param server: a running `OdooServer`
    :param acts: how many acts each till does, spread over ``seconds``
    :param say: called with a line of progress
    """

    def __init__(self, venue, server, seed, acts, seconds, loss=LOSS, mix=None, say=print):
        self.venue, self.server, self.say = venue, server, say
        self.seconds = seconds
        self.steps = draw(
            seed,
            len(venue.places),
            acts,
            seconds,
            len(venue.cards),
            len(venue.poor),
            list(venue.articles),
            mix,
        )
        self.loss = loss
        self.tills = []
        self.loaded = Counter()
        self.done, self.outcomes = Counter(), Counter()
        self.late_s = []
        self.failures = []
        self.took = {}

    def play(self):
        """Everything, from the float to the last closing."""
        self._phase("opening", self._open)
        self._phase("doors", self._load)
        self._phase("night", self._serve)
        self._phase("closing", lambda number: self.tills[number].close())

    def _phase(self, name, work):
        started = time.perf_counter()
        self.tills = self.tills or [None] * len(self.venue.places)
        watch = threading.Event()
        teller = threading.Thread(target=self._tell, args=(name, watch))
        teller.start()
        threads = [
            threading.Thread(target=self._carefully, args=(name, work, number))
            for number in range(len(self.tills))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        watch.set()
        teller.join()
        self.took[name] = time.perf_counter() - started
        self.say(f"{name}: {self.took[name]:.0f} s")
        if self.failures:
            raise AssertionError("\n".join(self.failures[:10]))

    def _carefully(self, name, work, number):
        try:
            work(number)
        # A till whose thread dies in silence would leave its acts out of every comparison.
        except Exception as error:
            self.failures.append(f"{name}, till {number}: {type(error).__name__}: {error}"[:500])

    def _tell(self, name, over):
        started = time.perf_counter()
        while not over.wait(SPEAKS_EVERY_S):
            asked = sum(till.wire.asked for till in self.tills if till)
            self.say(
                f"  {name}: {time.perf_counter() - started:.0f} s, {sum(self.done.values())} acts,"
                f" {asked} requests, {self.network('lost')} lost on the way"
            )

    # -- phases --------------------------------------------------------------------------------

    def _open(self, number):
        till = Till(self.venue, self.venue.places[number], self.server, self.loss)
        till.open()
        self.tills[number] = till

    def _load(self, number):
        """Each card is topped up before the night: at the tills, in cash or by bank card."""
        customers = Customers(self.tills[number])
        for index in range(number, len(self.venue.cards), len(self.tills)):
            uid = self.venue.cards[index]
            minor = CARD_LOADS_MINOR[index % len(CARD_LOADS_MINOR)]
            customers.load(uid, minor, bank=index % 5 == 0)
        for index in range(number, len(self.venue.poor), len(self.tills)):
            customers.load(self.venue.poor[index], POOR_LOAD_MINOR)
        self.tills[number].send_all()

    def _serve(self, number):
        customers = Customers(self.tills[number])
        started = time.perf_counter()
        for step in self.steps[number]:
            wait = started + step.at_s - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            outcome = customers.serve(step)
            self.late_s.append(max(0.0, -wait))
            self.done[step.kind] += 1
            self.outcomes[f"{step.kind} {step.variant}: {outcome}"] += 1
        self.tills[number].dice = None
        self.tills[number].send_all()

    # -- figures -------------------------------------------------------------------------------

    def network(self, name):
        """How many requests were ``lost`` or ``sent_again``, over all tills."""
        return sum(sum(getattr(till.wire, name).values()) for till in self.tills if till)

    def times(self):
        """RPC → (count, median, 95th percentile) in milliseconds."""
        everything = {}
        for till in self.tills:
            for method, times in till.wire.times.items():
                everything.setdefault(method, []).extend(times)
        return {
            method: (len(times), percentile(times, 0.5), percentile(times, 0.95))
            for method, times in sorted(everything.items())
        }
