import { BridgeSource } from "@tibillet_pos_nfc/app/readers/bridge_source";
import { ReaderService } from "@tibillet_pos_nfc/app/readers/reader_service";
import { SimulatedSource } from "@tibillet_pos_nfc/app/readers/simulated_source";
import { WebNfcSource } from "@tibillet_pos_nfc/app/readers/web_nfc_source";
import { WedgeSource } from "@tibillet_pos_nfc/app/readers/wedge_source";
import { describe } from "./states";

const READER_STATES = [
    "two_cards",
    "card_withdrawn",
    "reader_unplugged",
    "bridge_absent",
    "bridge_unpaired",
    "permission_asked",
    "permission_refused",
    "nfc_absent",
    "nfc_touch",
    "nfc_refused",
    "nfc_off",
];
/** Of no matter while another source reads: told in the bar, not across the screen. */
const QUIET_STATES = ["bridge_absent", "bridge_unpaired", "permission_asked", "permission_refused"];
/** Which sources each setting of the till calls for. */
const SOURCES = {
    bridge: ["bridge"],
    wedge: ["wedge"],
    both: ["bridge", "wedge"],
    phone: ["phone"],
};

/** The readers that this till is set up for, and what of their states is told to the cashier. */
export class TillReader {
    /**
     * @param {Object} parts
     * @param {Object} parts.config the till's settings
     * @param {"bridge"|"wedge"|"both"|"phone"} parts.config.tibillet_reader
     * @param {string} parts.config.tibillet_wedge_format see `WedgeSource`
     * @param {{reader: string, busy: boolean}} parts.state
     * @param {import("./till_band").TillBand} parts.band
     * @param {() => boolean} parts.isSimulated whether cards may be tapped on the screen
     * @param {({uid, at}) => void} parts.onCard
     */
    constructor({ config, state, band, isSimulated, onCard }) {
        this.config = config;
        this.state = state;
        this.band = band;
        this.isSimulated = isSimulated;
        this.onCard = onCard;
        /** How each source that can tell last said that it was. */
        this.codes = {};
    }

    start() {
        this.service = new ReaderService();
        if (this.has("bridge")) {
            this.bridge = new BridgeSource();
            this.service.addSource(this.bridge);
        }
        if (this.has("wedge")) {
            this.wedge = new WedgeSource({ format: this.config.tibillet_wedge_format });
            this.service.addSource(this.wedge);
        }
        if (this.has("phone")) {
            this.phone = new WebNfcSource();
            this.service.addSource(this.phone);
        }
        if (this.isSimulated()) {
            this.simulated = new SimulatedSource({ allowed: true });
            this.service.addSource(this.simulated);
        }
        this.service.addEventListener("card", ({ detail }) =>
            this.check ? this.check.onCard(detail) : this.onCard(detail)
        );
        this.service.addEventListener("error", ({ detail }) =>
            this.check ? this.check.onError(detail) : this.onError(detail.code)
        );
        this.service.addEventListener("status", ({ detail }) => this.onStatus(detail));
        this.service.start();
    }

    has(source) {
        return (SOURCES[this.config.tibillet_reader] || SOURCES.both).includes(source);
    }

    /**
     * While the reader is being looked into, cards go there and nowhere else: none pays.
     *
     * @param {{onCard: Function, onError: Function}} check
     * @returns {() => void} the end of it
     */
    startCheck(check) {
        this.check = check;
        return () => {
            this.check = null;
        };
    }

    retry() {
        this.service.stop();
        this.service.start();
    }

    /** The cashier touched the light: how the reader is, is told even where another one reads. */
    look() {
        if (READER_STATES.includes(this.state.reader)) {
            this.tell(this.state.reader);
        }
        this.retry();
    }

    /** Whether a reader in this state leaves the till without any. */
    isAway(code) {
        return READER_STATES.includes(code) && !this.isSimulated();
    }

    onStatus({ code, source }) {
        this.codes[source] = code;
        this.state.reader = code;
        const alone = !this.has("wedge") && !this.isSimulated();
        if (!READER_STATES.includes(code)) {
            this.band.closeIf(READER_STATES);
        } else if (alone || !QUIET_STATES.includes(code)) {
            this.tell(code);
        }
    }

    /** A tap that came to nothing; what the bridge says of its own frames is not for people. */
    onError(code) {
        if (READER_STATES.includes(code) || code === "card_unknown") {
            this.tell(code);
        }
    }

    /** A tap that is being answered is not interrupted. */
    tell(code) {
        if (!this.state.busy) {
            this.band.show(describe(code));
        }
    }
}
