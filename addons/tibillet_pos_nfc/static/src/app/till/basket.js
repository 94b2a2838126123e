/** Money of the till in whole minor units: the ledger knows no decimals. */
export function toMinor(amount, decimals) {
    return Math.round(amount * 10 ** decimals);
}

export function fromMinor(amountMinor, decimals) {
    return amountMinor / 10 ** decimals;
}

/**
 * The basket as the ledger reads it.
 *
 * The prices of the lines are rounded one by one; their sum may miss the total by a cent,
 * which goes to the largest line, so that the card pays exactly what the screen shows.
 *
 * @param {{productId: number, amount: number, refundedLineId?: number}[]} lines
 * @param {number} total what the order costs, in its currency
 */
export function basketLines(lines, total, decimals) {
    const basket = lines.map((line) => ({
        product_id: line.productId || false,
        amount_minor: toMinor(line.amount, decimals),
        refunded_line_id: line.refundedLineId || false,
        qty: line.qty ?? null,
        discount: line.discount ?? null,
        seen_price: line.seenPrice ?? null,
        ...(line.uuid ? { uuid: line.uuid } : {}), // for us: the server answers by position
        ...(line.happyId ? { happy_id: line.happyId, line_id: line.lineId || false } : {}),
    }));
    const sum = basket.reduce((minor, line) => minor + line.amount_minor, 0);
    const rest = toMinor(total, decimals) - sum;
    if (rest && basket.length) {
        const largest = basket.reduce((a, b) =>
            Math.abs(b.amount_minor) > Math.abs(a.amount_minor) ? b : a
        );
        largest.amount_minor += rest;
    }
    return basket.filter((line) => line.amount_minor);
}

/**
 * The basket of an order as a card may pay it: a combo is paid by its parts, what is returned says
 * of what, and money for a card is no goods.
 */
export function orderBasket(order, decimals) {
    // Odoo shows prices of another currency converted: there is nothing to compare then.
    const comparable = order.currency?.id === order.company?.currency_id?.id;
    const lines = order.lines
        .filter((line) => !line.combo_line_ids?.length && !line.tibillet_operation_key)
        .map((line) => ({
            uuid: line.uuid,
            productId: line.product_id.id,
            amount: line.priceIncl,
            refundedLineId: line.refunded_orderline_id?.id,
            qty: line.qty,
            discount: line.discount,
            happyId: line.tibillet_happy_hour_id?.id,
            lineId: typeof line.id === "number" ? line.id : false,
            seenPrice: comparable ? line.product_id.product_tmpl_id?.list_price : null,
        }));
    return basketLines(lines, order.totalDue - (order.tibilletTopUps || 0), decimals);
}
