import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** How the server is told that a card is named by what is printed on it; see the card page. */
export const TYPED = "number:";

/** The page of a card that does not read: its number typed, or its QR scanned into the field. */
export class CardNumberDialog extends Component {
    static template = "tibillet_pos_nfc.CardNumberDialog";
    static components = { Dialog };
    static props = { till: Object, close: Function };

    setup() {
        this.state = useState({ text: "", error: "", busy: false });
        useAutofocus({ refName: "text" });
    }

    async open() {
        const text = this.state.text.trim();
        if (!text || this.state.busy) {
            return;
        }
        Object.assign(this.state, { busy: true, error: "" });
        const refused = await this.props.till.cardPages.openTyped(TYPED + text);
        this.state.busy = false;
        if (refused) {
            this.state.error = refused;
        } else {
            this.props.close();
        }
    }
}

/** Who may: the server says it of the user; behind the counter it is a manager's. */
export function mayOpenByNumber(pos) {
    const till = pos.tibilletTill;
    const byRole = !pos.config.module_pos_hr || pos.cashier?._role === "manager";
    return Boolean(
        till?.method &&
        till.state.paired &&
        !till.isTraining &&
        pos.config._tibillet_by_number &&
        byRole
    );
}
