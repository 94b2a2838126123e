import { Component } from "@odoo/owl";

/** The slip that goes into the bag: number, sum, two names, room for two signatures. */
export class CashSlip extends Component {
    static template = "tibillet_pos_nfc.CashSlip";
    static props = { company: String, drop: Object, amount: String, at: String };
}
