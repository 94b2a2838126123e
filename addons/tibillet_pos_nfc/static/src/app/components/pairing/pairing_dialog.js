import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Where a manager gives this browser the right to hold money, once. */
export class PairingDialog extends Component {
    static template = "tibillet_pos_nfc.PairingDialog";
    static components = { Dialog };
    static props = { till: Object, close: Function };

    setup() {
        this.state = useState({ code: "", error: "", busy: false });
        useAutofocus({ refName: "code" });
    }

    get isManager() {
        return this.props.till.pos.user?.raw?.role === "manager";
    }

    async pair(code) {
        this.state.busy = true;
        this.state.error = "";
        try {
            const answer = await this.props.till.pair(code);
            if (answer.ok) {
                this.props.close();
            } else {
                this.state.error = answer.message;
            }
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        } finally {
            this.state.busy = false;
        }
    }
}
