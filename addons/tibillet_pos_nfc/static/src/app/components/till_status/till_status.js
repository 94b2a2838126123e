import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { Navbar } from "@point_of_sale/app/components/navbar/navbar";

/** A small light beside the cashier's name: the reader works, or what to do. */
export class TillStatus extends Component {
    static template = "tibillet_pos_nfc.TillStatus";
    static props = {};

    setup() {
        this.till = useService("tibillet_till");
        this.state = useState(this.till.state);
    }

    get isShown() {
        return Boolean(this.till.method);
    }

    get isReaderAway() {
        return this.till.isAway(this.state.reader);
    }

    get look() {
        return !this.state.paired || this.state.unsent || this.isReaderAway;
    }

    get label() {
        if (!this.state.paired) {
            return _t("Not paired");
        }
        if (this.state.unsent) {
            return _t("To send: %(count)s", { count: this.state.unsent });
        }
        return this.isReaderAway ? _t("No reader") : _t("Cards");
    }

    click() {
        if (!this.state.paired) {
            this.till.openPairing();
        } else if (this.state.unsent) {
            this.till.settle();
        } else {
            this.till.lookAtReader();
        }
    }
}

patch(Navbar, { components: { ...Navbar.components, TillStatus } });
