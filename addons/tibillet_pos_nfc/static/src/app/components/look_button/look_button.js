import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { Navbar } from "@point_of_sale/app/components/navbar/navbar";
import { LOOK_KEY } from "@tibillet_pos_nfc/app/tap/look_key";

/** “Look at a card”, by touch or by its key: the next tap opens the card's page, nothing is paid. */
export class LookButton extends Component {
    static template = "tibillet_pos_nfc.LookButton";
    static props = {};

    setup() {
        this.till = useService("tibillet_till");
        this.state = useState(this.till.state);
        this.key = LOOK_KEY;
    }

    get isShown() {
        return Boolean(this.till.method) && this.state.paired;
    }
}

patch(Navbar, { components: { ...Navbar.components, LookButton } });
