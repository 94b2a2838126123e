import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";

/** What the holder keeps of an act: no name, the card's last signs, the number that proves it. */
export class CardReceipt extends Component {
    static template = "tibillet_pos_nfc.CardReceipt";
    static props = { receipt: Object };

    get at() {
        return formatDateTime(deserializeDateTime(this.props.receipt.at));
    }
}
