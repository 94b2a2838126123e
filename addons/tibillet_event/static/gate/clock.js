/** What the phone's clock is worth: its distance from the server's, measured at each contact. */

export const DRIFT_MS = 2 * 60 * 1000;

export class Clock {
    /** @param {() => number} own the phone's clock, epoch milliseconds */
    constructor(own = () => Date.now(), offset = 0) {
        this.own = own;
        this.offset = offset;
    }

    /** The server said `now` to a question that was sent at `sent` and answered at `back`. */
    contact(now, sent, back = this.own()) {
        if (Number.isFinite(now)) {
            this.offset = Math.round(now - (sent + back) / 2);
        }
    }

    now() {
        return this.own() + this.offset;
    }

    /** True when the phone's clock is wrong by more than two minutes. */
    get drifts() {
        return Math.abs(this.offset) > DRIFT_MS;
    }
}
