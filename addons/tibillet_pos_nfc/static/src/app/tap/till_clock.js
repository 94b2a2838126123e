import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";

/** A clock that is off by more than this is corrected; both times are kept. */
export const OFF_MS = 120000;

/** How far this machine's clock is from the server's, measured at each answer. */
export class TillClock {
    /**
     * @param {Object} parts
     * @param {() => void} parts.onOff told once that the clock is wrong
     * @param {() => number} [parts.now] this machine's clock, in ms
     */
    constructor({ onOff, now = () => Date.now() }) {
        this.onOff = onOff;
        this.now = now;
        this.offset = 0;
    }

    get isOff() {
        return Math.abs(this.offset) > OFF_MS;
    }

    /**
     * @param {number|undefined} serverMs the server's time, in its answer
     * @param {number} askedMs when it was asked, by this machine's clock
     */
    learn(serverMs, askedMs) {
        if (!serverMs) {
            return;
        }
        const wasOff = this.isOff;
        this.offset = Math.round(serverMs - (askedMs + this.now()) / 2);
        if (this.isOff && !wasOff) {
            this.onOff();
        }
    }

    /** Give a paid order the server's time, once, and keep what this clock said. */
    correct(order) {
        if (!this.isOff || order.tibillet_device_date || !order.date_order) {
            return;
        }
        const { date_order: own } = order;
        const said = typeof own === "string" ? deserializeDateTime(own) : own;
        order.update({
            tibillet_device_date: serializeDateTime(said),
            date_order: serializeDateTime(said.plus({ milliseconds: this.offset })),
        });
    }
}
