export const SAME_TAP_MS = 5000;

/**
 * Two identical taps within five seconds on one basket are one.
 *
 * A reader may report a card twice, and people tap again when nothing seems to happen.
 * The same card on the same basket for the same amount asks for nothing new; another card,
 * another amount or another basket does.
 */
export class TapGate {
    constructor() {
        this.last = null;
    }

    /**
     * @param {{uid: string, basket: string, amountMinor: number, at: number}} tap
     * @returns {boolean} whether this tap is to be acted upon
     */
    admits({ uid, basket, amountMinor, at }) {
        const { last } = this;
        const same =
            last && last.uid === uid && last.basket === basket && last.amountMinor === amountMinor;
        if (same && at - last.at < SAME_TAP_MS) {
            return false;
        }
        this.last = { uid, basket, amountMinor, at };
        return true;
    }

    /** The tap came to nothing through no act of the holder: the next one counts. */
    forget() {
        this.last = null;
    }
}
