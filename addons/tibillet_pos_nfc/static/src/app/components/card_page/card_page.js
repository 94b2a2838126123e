import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { formatUnit } from "@tibillet_pos_nfc/app/till/units";

/**
 * A card that was tapped with an empty basket: whose it is, what it holds, what to do with it.
 *
 * Everything shown comes from the server in one answer; nothing here computes a balance.
 */
export class CardPage extends Component {
    static template = "tibillet_pos_nfc.CardPage";
    static components = { Dialog };
    static props = { till: Object, uid: String, page: Object, close: Function };

    setup() {
        this.till = this.props.till;
        this.state = useState({ page: this.props.page, view: "card" });
        onMounted(() => this.till.cardPages.opened(this));
        onWillUnmount(() => this.till.cardPages.closed(this));
    }

    get page() {
        return this.state.page;
    }

    get card() {
        return this.page.card;
    }

    amount(row) {
        return formatUnit(row, this.till.pos.currency);
    }

    held(row) {
        return formatUnit({ ...row, amount_minor: row.held_minor }, this.till.pos.currency);
    }

    /** Euros stand beside a unit that is worth money and is not called by them. */
    value(row) {
        const unit = row.unit && row.unit !== this.till.pos.currency.symbol;
        return unit && row.value_minor ? this.till.formatMinor(row.value_minor) : "";
    }
}
