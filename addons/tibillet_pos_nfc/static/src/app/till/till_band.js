import { markRaw } from "@odoo/owl";

export const YES_MS = 1500;

/**
 * The one answer that the till shows, over its whole width.
 *
 * Yes goes away by itself; anything else stays until it is answered or replaced.
 */
export class TillBand {
    /**
     * @param {{band: Object|null}} state what the screen follows
     * @param {import("./sounds").Sounds} sounds
     * @param {(band: Object|null) => void} [onChange] told of each answer, and of its end
     */
    constructor(state, sounds, onChange = () => {}) {
        this.onChange = onChange;
        this.state = state;
        this.sounds = sounds;
    }

    get shown() {
        return this.state.band;
    }

    /** @param {{code: string, tone: "yes"|"no"|"look"|"wait"|"card"}} band see `states.js` */
    show(band) {
        clearTimeout(this.timer);
        if (band.context) {
            markRaw(band.context); // the order itself goes on, not a copy that the screen follows
        }
        this.state.band = band;
        this.onChange(band);
        if (band.tone !== "wait" && band.tone !== "card") {
            this.sounds.play(band.tone);
        }
        if (band.tone === "yes") {
            this.timer = setTimeout(() => this.close(), YES_MS);
        }
    }

    close() {
        clearTimeout(this.timer);
        this.state.band = null;
        this.onChange(null);
    }

    /** Close only what says one of these. */
    closeIf(codes) {
        if (codes.includes(this.shown?.code)) {
            this.close();
        }
    }
}
