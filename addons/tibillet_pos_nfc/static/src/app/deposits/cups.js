import { _t } from "@web/core/l10n/translation";

export function isCup(product) {
    return Boolean(product?.tibillet_deposit || product?.product_tmpl_id?.tibillet_deposit);
}

/** Cups that the order takes back, refunds of named sales left out. */
export function cupsBack(order) {
    return order.lines
        .filter((line) => isCup(line.product_id) && line.qty < 0 && !line.refunded_orderline_id)
        .reduce((count, line) => count - line.qty, 0);
}

/** Why a cashier does not take so many cups back at once, or nothing. */
export function refusalOfCups(pos, count) {
    const most = pos.config.tibillet_deposit_max;
    if (count <= most || pos.getCashier()?._role === "manager") {
        return "";
    }
    return _t("%(count)s cups at once: a cashier takes back %(most)s. Call a manager.", {
        count,
        most,
    });
}
