import { Component, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { keyLabel } from "@tibillet_pos_nfc/app/till/states";
import { formatUnit } from "@tibillet_pos_nfc/app/till/units";

const FIGURES = ["7", "8", "9", "4", "5", "6", "1", "2", "3", ",", "0", "back"];

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
        // After a reader that types, which listens on the window; before the till's own figures.
        for (const type of ["keydown", "keyup"]) {
            useExternalListener(document, type, this.onFigure.bind(this), { capture: true });
        }
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
        } else if (this.band.completes) {
            this.till.press("give_up");
        } else if (this.band.code !== "server_slow") {
            this.till.press("close");
        }
    }

    /** Figures typed while several pay are the amount of the next one, never of the basket. */
    onFigure(ev) {
        if (this.band?.completes && this.typesAmount(ev)) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    typesAmount({ type, key, ctrlKey, altKey, metaKey }) {
        const known = { Backspace: "back", Delete: "rest" }[key] || key;
        const isKey = /^[0-9.,]$/.test(known) || ["back", "rest"].includes(known);
        if (!isKey || ctrlKey || altKey || metaKey) {
            return false;
        }
        if (type === "keydown") {
            this.till.completion.type(known);
        }
        return true;
    }

    get figures() {
        return FIGURES;
    }

    figureLabel(figure) {
        return { back: _t("Erase the last figure"), rest: _t("The rest") }[figure] || figure;
    }

    get isBlocking() {
        return this.band && this.band.tone !== "yes";
    }
}

registry.category("main_components").add("tibillet_pos_nfc.ResultBand", { Component: ResultBand });
