import { Component, toRaw, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { parseMinor } from "./amounts";

/** One step of a card's page: what the steps share. The page itself asks, shows and prints. */
export class CardStep extends Component {
    static props = { page: Object };

    setup() {
        this.page = toRaw(this.props.page);
        this.till = this.page.till;
        this.state = useState(this.blank());
    }

    blank() {
        return { text: "", reason: "" };
    }

    get decimals() {
        return this.till.money.decimals;
    }

    get minor() {
        return parseMinor(this.state.text, this.decimals);
    }

    money(amountMinor) {
        return this.till.formatMinor(amountMinor);
    }

    /** Nothing is asked of the server before the amount can be read. */
    amountOr(minor, name) {
        if (!minor) {
            this.page.refuse(_t("Type an amount, for example 20 or 12,50."));
        }
        return minor ? { [name]: minor } : null;
    }
}
