import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { Navbar } from "@point_of_sale/app/components/navbar/navbar";

/** In the bar, for two minutes after a sale: the first of the two touches that undo it. */
export class UndoButton extends Component {
    static template = "tibillet_pos_nfc.UndoButton";
    static props = {};

    setup() {
        this.till = useService("tibillet_till");
        this.state = useState(this.till.state);
    }

    get sale() {
        return this.state.lastSale;
    }

    click() {
        this.till.undo.offerLast();
    }
}

patch(Navbar, { components: { ...Navbar.components, UndoButton } });
