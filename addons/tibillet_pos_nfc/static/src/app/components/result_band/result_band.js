import { Component, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { keyLabel } from "@tibillet_pos_nfc/app/till/states";
import { formatUnit } from "@tibillet_pos_nfc/app/till/units";

/**
 * The answer to a tap, over the whole width of the till.
 *
 * Yes goes away by itself; a refusal stays until one of its keys is pressed.
 */
export class ResultBand extends Component {
    static template = "tibillet_pos_nfc.ResultBand";
    static props = {};

    setup() {
        this.till = useService("tibillet_till");
        this.pos = usePos();
        this.state = useState(this.till.state);
        this.keys = useRef("keys");
        useExternalListener(window, "keydown", this.onKeydown.bind(this), { capture: true });
        useEffect(
            (band) => {
                if (band && band.tone !== "yes") {
                    this.keys.el?.querySelector("button")?.focus();
                }
            },
            () => [this.state.band]
        );
    }

    get band() {
        return this.state.band;
    }

    label(key) {
        return keyLabel(key);
    }

    amount(part) {
        return formatUnit(part, this.pos.currency);
    }

    /** Escape leaves: it presses the last key, which changes nothing. */
    onKeydown(ev) {
        if (!this.band || ev.key !== "Escape") {
            return;
        }
        const keys = this.band.keys || [];
        ev.preventDefault();
        ev.stopPropagation();
        if (keys.includes("leave")) {
            this.till.press("leave");
        } else if (this.band.code !== "server_slow") {
            this.till.press("close");
        }
    }

    get isBlocking() {
        return this.band && this.band.tone !== "yes";
    }
}

registry.category("main_components").add("tibillet_pos_nfc.ResultBand", { Component: ResultBand });
