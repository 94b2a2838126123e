import { Component } from "@odoo/owl";

/** Tickets as they come out of the till's printer, 80 mm wide, one per place. */
export class TicketRoll extends Component {
    static template = "tibillet_pos_event.TicketRoll";
    static props = { tickets: Array };
}
