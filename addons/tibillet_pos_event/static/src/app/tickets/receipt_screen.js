import { onMounted, onWillUnmount, useState } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { ReceiptScreen } from "@point_of_sale/app/screens/receipt_screen/receipt_screen";
import { hasPlaces } from "./print_tickets";
import { TicketRoll } from "./ticket_roll";

export const AGAIN_MS = 2000;

ReceiptScreen.components = { ...ReceiptScreen.components, TicketRoll };

patch(ReceiptScreen.prototype, {
    setup() {
        super.setup(...arguments);
        this.tibillet = useState({
            wanted: hasPlaces(this.currentOrder),
            tickets: [],
            message: "",
            busy: false,
        });
        onMounted(() => this.tibillet.wanted && this.tibilletLook());
        onWillUnmount(() => {
            this.tibillet.wanted = false;
            clearTimeout(this.tibilletTimer);
        });
    },

    /** The tickets as the server has them; asked again until the order is there. */
    async tibilletLook() {
        const answer = await this.pos.tibilletTickets(this.currentOrder);
        this.tibillet.tickets = answer.tickets;
        this.tibillet.message = answer.message;
        if (!this.tibillet.wanted) {
            return; // the screen is left
        }
        if (!answer.ok || answer.tickets.some((ticket) => !ticket.number)) {
            this.tibilletTimer = setTimeout(() => this.tibilletLook(), AGAIN_MS);
        }
    },

    async tibilletPrint() {
        this.tibillet.busy = true;
        try {
            await this.pos.tibilletPrintTickets(this.currentOrder);
        } finally {
            this.tibillet.busy = false;
        }
    },
});
