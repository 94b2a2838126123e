import { _t } from "@web/core/l10n/translation";
import { roundPrecision } from "@web/core/utils/numbers";

export const OFFERED = 100;

/**
 * Whether a line leaves for nothing though it has a price. What somebody has a right to
 * (`tibilletIsDue`, of another addon) is no offer of the cashier's.
 */
export function isOffered(line) {
    return line.discount >= OFFERED && line.qty > 0 && line.price_unit > 0 && !line.tibilletIsDue;
}

/** What lines cost at the price of the goods, before anything is taken off. */
export function valueOf(lines) {
    return lines.reduce((sum, line) => sum + line.price_unit * line.qty, 0);
}

/**
 * Goods given away with a reason: a discount of 100 % on their lines, drawn from no card.
 *
 * A till manager offers freely, a cashier up to what the till allows in a session. The server
 * asks the same when the order arrives.
 */
export class Offers {
    /**
     * @param {Object} parts
     * @param {Object} parts.pos the till: cashier, orders, reasons
     * @param {import("../till/till_money").TillMoney} parts.money
     */
    constructor({ pos, money }) {
        this.pos = pos;
        this.money = money;
    }

    get reasons() {
        const model = this.pos.models["tibillet.offer.reason"];
        return [...(model?.getAll() || [])].sort((a, b) => a.sequence - b.sequence || a.id - b.id);
    }

    get isFree() {
        return this.pos.getCashier()?._role === "manager";
    }

    get limit() {
        return this.pos.config.tibillet_offer_limit || 0;
    }

    get mayOffer() {
        return this.reasons.length > 0 && (this.isFree || this.limit > 0);
    }

    /** Lines that can be given away: no cup, no money for a card, nothing that comes back. */
    offerable(lines) {
        const all = new Set(lines.flatMap((line) => line.getAllLinesInCombo()));
        return [...all].filter(
            (line) =>
                line.qty > 0 &&
                line.price_unit > 0 &&
                !line.tibillet_operation_key &&
                !line.tibilletIsDue &&
                !line.product_id.product_tmpl_id.tibillet_deposit
        );
    }

    /** What this cashier has offered in the session, as far as this till knows. */
    get before() {
        const { pos } = this;
        const cashier = pos.getCashier();
        const isTheirs = (order) =>
            pos.config.module_pos_hr
                ? order.employee_id?.id === cashier?.id
                : order.user_id?.id === cashier?.id;
        const lines = pos.models["pos.order"]
            .filter((order) => order.session_id?.id === pos.session.id && isTheirs(order))
            .flatMap((order) => order.lines.filter(isOffered));
        return valueOf(lines);
    }

    /** @returns {string} why these lines are not offered by who stands here; or nothing */
    refusal(lines) {
        if (!this.reasons.length) {
            return _t("There is no reason for offers. A manager writes one in the settings.");
        }
        if (!this.mayOffer) {
            return _t("Only a till manager offers goods here. Call one, or have them paid.");
        }
        if (!this.offerable(lines).length) {
            return _t("There is nothing here that can be offered.");
        }
        const fresh = this.offerable(lines).filter((line) => !isOffered(line));
        const total = roundPrecision(this.before + valueOf(fresh), 10 ** -this.money.decimals);
        if (!this.isFree && total > this.limit) {
            return _t(
                "A cashier offers up to %(most)s a session here, and this makes %(total)s. Call a till manager.",
                { most: this.money.format(this.limit), total: this.money.format(total) }
            );
        }
        return "";
    }

    offer(lines, reason) {
        for (const line of this.offerable(lines)) {
            line.setDiscount(OFFERED);
            line.update({ tibillet_offer_reason_id: reason });
        }
    }

    takeBack(lines) {
        for (const line of this.offerable(lines).filter(isOffered)) {
            line.setDiscount(0);
        }
    }
}
