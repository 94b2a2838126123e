import { Component } from "@odoo/owl";
import { generateQRCodeDataUrl } from "@point_of_sale/utils";

/** Tickets as they come out of the till's printer, 80 mm wide, one per place. */
export class TicketRoll extends Component {
    static template = "tibillet_pos_event.TicketRoll";
    static props = { tickets: Array };

    picture(code) {
        return generateQRCodeDataUrl(code, { width: 160, height: 160 });
    }
}
