import { reactive } from "@odoo/owl";

const { DateTime } = luxon;
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** What screens follow: which happy hours run now. */
export const happyState = reactive({ running: "" });

/**
 * Whether a happy hour runs at a moment, over midnight too; the server asks the same.
 *
 * @param {Object} rule
 * @param {luxon.DateTime} at in the place's time zone
 */
export function covers(rule, at) {
    const hour = at.hour + at.minute / 60 + at.second / 3600;
    const today = rule[DAYS[at.weekday - 1]];
    if (rule.hour_from < rule.hour_to) {
        return Boolean(today && rule.hour_from <= hour && hour < rule.hour_to);
    }
    const before = rule[DAYS[(at.weekday + 5) % 7]];
    return Boolean((today && hour >= rule.hour_from) || (before && hour < rule.hour_to));
}

/**
 * Prices of some hours of some days, by the till's clock as the server corrected it.
 *
 * A basket that was begun in time keeps them for the grace of the rule.
 */
export class HappyHours {
    /**
     * @param {Object} parts
     * @param {() => Object[]} parts.rules of this till
     * @param {string} parts.zone of the place
     * @param {() => number} parts.now the corrected time, in ms
     * @param {() => number} [parts.begun] when the basket on the screen was begun, in ms
     */
    constructor({ rules, zone, now, begun = () => 0 }) {
        this.rules = rules;
        this.zone = zone;
        this.now = now;
        this.begun = begun;
        this.suspended = false;
        this.known = { key: "", rules: [] };
    }

    covers(rule, ms) {
        return covers(rule, DateTime.fromMillis(ms, { zone: this.zone }));
    }

    /** Whether a rule counts now for a basket that was begun then. */
    admits(rule, begun) {
        const now = this.now();
        return (
            this.covers(rule, now) ||
            Boolean(
                begun &&
                this.covers(rule, begun) &&
                this.covers(rule, now - (rule.grace_minutes || 0) * 60000)
            )
        );
    }

    /** The rules that count now; looked up once a second: every tile asks. */
    get running() {
        const all = this.rules();
        const begun = this.begun();
        const key = `${Math.floor(this.now() / 1000)}/${begun}/${all.length}`;
        if (this.known.key !== key) {
            this.known = { key, rules: all.filter((rule) => this.admits(rule, begun)) };
        }
        return this.known.rules;
    }

    /** The rule that lowers an article most, or nothing. */
    ruleFor(template) {
        if (this.suspended || !template || template.combo_ids?.length) {
            return null;
        }
        const running = this.running;
        if (!running.length) {
            return null;
        }
        const categories = template.parentCategories || [];
        return running
            .filter(
                (rule) =>
                    rule.product_tmpl_ids.some(({ id }) => id === template.id) ||
                    rule.categ_ids.some(({ id }) => categories.includes(id))
            )
            .reduce((best, rule) => (!best || rule.percent > best.percent ? rule : best), null);
    }

    /** The lower of a price and the happy hour's, which is taken off the usual price. */
    lower(template, price, usual) {
        const rule = this.ruleFor(template);
        return rule ? Math.min(price, usual * (1 - rule.percent / 100)) : price;
    }

    /** What something would give without any happy hour. */
    without(compute) {
        this.suspended = true;
        try {
            return compute();
        } finally {
            this.suspended = false;
        }
    }

    /** Write on a line at which happy hour's price it is, if it is. */
    mark(line) {
        const template = line.product_id?.product_tmpl_id;
        const rule = line.price_type === "original" ? this.ruleFor(template) : null;
        const usual = (line.product_id?.lst_price || 0) + (line.price_extra || 0);
        const isAtIt =
            rule && Math.abs(line.price_unit - usual * (1 - rule.percent / 100)) < 0.0051;
        if ((isAtIt ? rule.id : undefined) !== line.tibillet_happy_hour_id?.id) {
            line.update({ tibillet_happy_hour_id: isAtIt ? rule : undefined });
        }
    }

    /** Lines at the price of an hour that is over; what waits on a bill, the server knows. */
    outdated(order) {
        const begun = order.uiState.tibilletBegun || 0;
        return order.lines.filter(
            (line) =>
                line.qty > 0 &&
                line.tibillet_happy_hour_id &&
                typeof line.id !== "number" &&
                !this.admits(line.tibillet_happy_hour_id, begun)
        );
    }

    /** The hour is over for this basket: its lines take the usual prices. */
    end(order) {
        order.uiState.tibilletBegun = 0;
        this.known.key = "";
        order.setPricelist(order.pricelist_id);
    }

    /** Tell the screens when an hour begins or ends. */
    tick() {
        happyState.running = this.running.map((rule) => rule.id).join();
    }
}

/** The happy hours of this till, once it has started: prices are asked for everywhere. */
export const happyHours = { current: null };
