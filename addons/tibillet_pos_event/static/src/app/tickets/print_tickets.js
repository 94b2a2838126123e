import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { TicketRoll } from "./ticket_roll";

/** Whether the order has places to print tickets of. */
export const hasPlaces = (order) =>
    order.lines.some((line) => line.event_ticket_id && line.qty > 0);

const NETWORK = () =>
    _t("Without network the tickets have no number yet. Print them once the till is connected.");

patch(PosStore.prototype, {
    /** What the server says of an order's tickets; never raises. */
    async tibilletTickets(order) {
        try {
            return await this.data.call("pos.session", "tibillet_tickets", [
                [this.session.id],
                order.uuid,
            ]);
        } catch (error) {
            const message =
                error instanceof ConnectionLostError ? NETWORK() : error.data?.message || NETWORK();
            return { ok: false, code: "failed", message, tickets: [] };
        }
    },

    /** Print the tickets, each cut apart where a printer cuts; what stands in the way is told. */
    async tibilletPrintTickets(order) {
        const answer = await this.tibilletTickets(order);
        if (answer.message) {
            this.tibilletTellTickets(order, answer.message);
        }
        const rolls = this.hardwareProxy.printer
            ? answer.tickets.map((ticket) => [ticket])
            : [answer.tickets].filter((tickets) => tickets.length);
        for (const tickets of rolls) {
            if (!(await this.printer.print(TicketRoll, { tickets }, this.printOptions))) {
                break; // the printer says why, and offers to try again
            }
            const ids = tickets.filter((ticket) => ticket.number).map((ticket) => ticket.id);
            await this.data
                .call("pos.session", "tibillet_tickets_printed", [
                    [this.session.id],
                    order.uuid,
                    ids,
                ])
                .catch(() => {}); // the next print is no duplicate for us: the paper is out
        }
        return answer;
    },

    /** A sentence that stays, with the key to print: the till may serve another by then. */
    tibilletTellTickets(order, message) {
        const close = this.notification.add(message, {
            type: "warning",
            sticky: true,
            title: _t("Tickets of %s", order.pos_reference || order.name || ""),
            buttons: [
                {
                    name: _t("Print the tickets"),
                    primary: true,
                    onClick: () => {
                        close();
                        this.tibilletPrintTickets(order);
                    },
                },
            ],
        });
    },

    /** Whether tickets come out by themselves, without anybody looking at the screen. */
    get tibilletPrintsByItself() {
        return Boolean(this.config.iface_print_auto || this.hardwareProxy.printer);
    },
});

patch(OrderPaymentValidation.prototype, {
    async afterOrderValidation() {
        const result = await super.afterOrderValidation(...arguments);
        if (hasPlaces(this.order) && this.pos.tibilletPrintsByItself) {
            await this.pos.tibilletPrintTickets(this.order).catch(() => {});
        }
        return result;
    },

    /** Where nothing prints by itself, the tickets are shown before the next customer's turn. */
    async shouldHideValidationBehindFeedbackScreen() {
        if (hasPlaces(this.order) && !this.pos.tibilletPrintsByItself) {
            this.order.uiState.tibilletDirect = false;
        }
        return super.shouldHideValidationBehindFeedbackScreen(...arguments);
    },
});
