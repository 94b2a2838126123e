import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Where the token that the reader program showed is given to this browser, once. */
export class ReaderPairingDialog extends Component {
    static template = "tibillet_pos_nfc.ReaderPairingDialog";
    static components = { Dialog };
    static props = { bridge: Object, close: Function };

    setup() {
        this.state = useState({ token: "" });
        useAutofocus({ refName: "token" });
    }

    link() {
        this.props.bridge.pair(this.state.token);
        this.props.close();
    }
}
