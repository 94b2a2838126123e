/**
 * A promised top-up on the order: a line with its own key, paid with the rest.
 */
export class TopUpLine {
    /** @param {import("./till_service").Till} till */
    constructor(till) {
        this.till = till;
    }

    get pos() {
        return this.till.pos;
    }

    /** The order that the cashier works on, or a new one. */
    get order() {
        const order = this.pos.getOrder();
        return order && !order.finalized ? order : null;
    }

    /** Keys of the top-ups that stand on it: their ceilings are counted together. */
    get beside() {
        return (this.order?.lines || []).map((line) => line.tibillet_operation_key).filter(Boolean);
    }

    get hasGoods() {
        return Boolean(this.order?.lines.length);
    }

    method(type) {
        return this.pos.config.payment_method_ids.find(
            (method) => method.type === type && !method.tibillet_goods_only
        );
    }

    /** The article of top-ups, if this till has loaded it. */
    product(promise) {
        return this.pos.models["product.product"].get(promise.product_id);
    }

    /** @param {{product_id, price_minor, key, note}} promise the server's answer */
    async add(promise) {
        const product = this.product(promise);
        const order = this.order || this.pos.addNewOrder();
        const line = await this.pos.addLineToOrder(
            {
                product_id: product,
                product_tmpl_id: product.product_tmpl_id,
                price_unit: this.till.money.fromMinor(promise.price_minor),
                qty: 1,
                // what carries its tax when it is sold keeps its article's own
                ...(promise.taxed ? {} : { tax_ids: [] }),
            },
            order,
            {},
            false
        );
        line.update({
            tibillet_operation_key: promise.key,
            tibillet_device_id: this.till.pairing.device,
            customer_note: promise.note,
            price_type: "original", // it was never lowered: no former price is shown
        });
    }

    /** Alone on its order it is paid at one touch; beside goods the payment screen is shown. */
    async pay(type) {
        const { order, pos } = this;
        const method = this.method(type);
        const alone = order.lines.length === 1;
        if (method && order.remainingDue && !order.payment_ids.length) {
            order.addPaymentline(method);
        }
        if (alone && method && !method.use_payment_terminal && order.isPaid()) {
            await this.till.finish(order);
            return;
        }
        pos.navigate("PaymentScreen", { orderUuid: order.uuid });
    }

    show() {
        const { order, pos } = this;
        if (pos.router.state.current !== "ProductScreen") {
            pos.navigate("ProductScreen", { orderUuid: order.uuid });
        }
    }
}
