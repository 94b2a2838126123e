import { describe } from "@tibillet_pos_nfc/app/till/states";

/** F1 is the browser's help, F3 its search, F5 its reload: this one is free everywhere. */
export const LOOK_KEY = "F2";

/** The key that has the next card looked at instead of paying, with any basket on any screen. */
export class LookKey {
    /**
     * @param {Object} parts
     * @param {{busy: boolean, paired: boolean}} parts.state
     * @param {import("../till/till_band").TillBand} parts.band
     * @param {import("../till/tap_payment").TapPayment} parts.payment
     * @param {import("./completion").Completion} parts.completion
     * @param {boolean} [parts.isLocked] nobody answers for this till
     */
    constructor(parts) {
        const { state, band, payment, completion } = parts;
        this.isLocked = () => Boolean(parts.isLocked);
        this.state = state;
        this.band = band;
        this.payment = payment;
        this.completion = completion;
        this.looking = false;
    }

    start(target = window) {
        target.addEventListener("keydown", (ev) => this.onKeydown(ev), { capture: true });
    }

    onKeydown(ev) {
        if (ev.key === LOOK_KEY && !ev.ctrlKey && !ev.altKey && !ev.metaKey) {
            ev.preventDefault();
            ev.stopPropagation();
            this.press();
        }
    }

    press() {
        if (this.state.busy) {
            return;
        }
        if (this.isLocked()) {
            this.band.show(describe("locked"));
            return;
        }
        if (!this.state.paired) {
            this.band.show(describe("not_paired"));
            return;
        }
        if (!this.completion.context) {
            this.payment.stopWaiting();
        }
        this.looking = true;
        this.band.show({ ...describe("look_now"), tone: "wait" });
    }

    forget() {
        this.looking = false;
    }

    /** Whether this card is one to look at; asked once, by the card that comes. */
    takes() {
        const { looking } = this;
        this.looking = false;
        return looking;
    }
}
