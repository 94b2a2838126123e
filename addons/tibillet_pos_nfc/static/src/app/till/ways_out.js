import { isWallet } from "./wallet_method";

/** The keys of the band. Each leaves the till as it was before the tap, or better. */
export class WaysOut {
    /**
     * @param {Object} parts
     * @param {import("./till_band").TillBand} parts.band
     * @param {import("./till_money").TillMoney} parts.money
     * @param {import("./tap_hold").TapHold} parts.hold
     * @param {import("./tap_payment").TapPayment} parts.payment
     * @param {import("../tap/completion").Completion} parts.completion
     * @param {Object} parts.pos the orders, methods and screens of the till
     * @param {Object<string, Function>} parts.others what further keys do
     */
    constructor({ band, money, hold, payment, completion, pos, others }) {
        this.band = band;
        this.money = money;
        this.hold = hold;
        this.payment = payment;
        this.completion = completion;
        this.pos = pos;
        this.acts = {
            leave: () => this.leave(),
            close: () => this.leave(),
            remove: () => this.completion.close(),
            other_card: ({ context }) => context && this.otherCard(context),
            cash: ({ context }) => this.otherMethod("cash", context),
            bank: ({ context }) => this.otherMethod("bank", context),
            retry: ({ context }) => context && this.payment.retry(context),
            give_up: ({ context }) => context && this.completion.giveUp(context),
            pay_anyway: ({ context }) => this.payment.retry(context, { asked: true }),
            keep_price: ({ context }) => this.payment.retry(context, { kept: true }),
            new_price: ({ context }) => this.newPrice(context),
            open_order: ({ orderUuid }) => this.openOrder(orderUuid),
            receipt: ({ orderUuid }) => this.openReceipt(orderUuid),
            ...others,
        };
    }

    /** An order that cards have paid in part is not left by the way: its completion is back. */
    leave() {
        if (this.completion.context?.order.tibilletHeld > 0) {
            this.completion.open(this.completion.context);
        } else {
            this.completion.close();
        }
    }

    /** Any key takes the band away first. */
    async press(key) {
        if (key === "leave" && this.hold.leave()) {
            return;
        }
        const band = this.band.shown;
        this.band.close();
        return this.acts[key]?.(band || {});
    }

    /** Take what a short card has, so that something else pays the rest. */
    async takeWhatIsThere({ order, uid, asked, missingMinor }) {
        const there = asked - missingMinor;
        if (!missingMinor || there <= 0) {
            return true;
        }
        const line = this.cleanLine(order);
        line.setAmount(this.money.fromMinor(there));
        return this.hold.take(order, line, uid, { upTo: there });
    }

    /** A wallet line to work with: the refused one of the payment screen, or a new one. */
    cleanLine(order) {
        const [refused] = this.refusedLines(order);
        return refused || order.addPaymentline(this.payment.method()).data;
    }

    refusedLines(order) {
        return order.payment_ids.filter(
            (line) => isWallet(line.payment_method_id) && line.payment_status === "retry"
        );
    }

    async otherCard(context) {
        if (!(await this.takeWhatIsThere(context))) {
            return;
        }
        this.completion.open({ ...context, told: this.hold.told });
    }

    /** The lines of the basket take the price of now; the card is tapped when all see it. */
    async newPrice({ order, templateIds }) {
        const { data, models } = this.pos;
        const goods = models["product.product"].filter(({ product_tmpl_id: template }) =>
            templateIds.includes(template?.id)
        );
        await Promise.all([
            data.read("product.template", templateIds, ["list_price"]),
            data.read(
                "product.product",
                goods.map(({ id }) => id),
                ["lst_price"]
            ),
        ]);
        order.setPricelist(order.pricelist_id);
    }

    async otherMethod(type, context) {
        this.payment.stopWaiting();
        const order = context?.order || this.pos.getOrder();
        if (!order || order.finalized) {
            return;
        }
        if (context && !(await this.takeWhatIsThere(context))) {
            return;
        }
        if (context && this.completion.payPart(type, order)) {
            return;
        }
        this.completion.close();
        for (const line of [...this.refusedLines(order)]) {
            order.removePaymentline(line);
        }
        const method = this.pos.config.payment_method_ids.find((other) => other.type === type);
        if (method && order.remainingDue) {
            order.addPaymentline(method);
        }
        this.band.close();
        this.pos.navigate("PaymentScreen", { orderUuid: order.uuid });
    }

    openOrder(uuid) {
        const order = this.orderOf(uuid);
        if (order) {
            this.pos.setOrder(order);
            this.pos.navigate("PaymentScreen", { orderUuid: uuid });
        }
    }

    openReceipt(uuid) {
        if (this.orderOf(uuid)?.finalized) {
            this.pos.navigate("ReceiptScreen", { orderUuid: uuid });
        } else {
            this.openOrder(uuid);
        }
    }

    orderOf(uuid) {
        return this.pos.models["pos.order"].getBy("uuid", uuid);
    }
}
