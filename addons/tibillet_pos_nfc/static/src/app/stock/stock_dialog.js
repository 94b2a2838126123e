import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { normalize } from "@web/core/l10n/utils";
import { formatFloat } from "@web/core/utils/numbers";
import { readQuantity } from "./quantity";

const MOST_SHOWN = 60;

/** The stock on a till: sold out, losses, kegs. One question a screen. */
export class StockDialog extends Component {
    static template = "tibillet_pos_nfc.StockDialog";
    static components = { Dialog };
    static props = {
        pos: Object,
        close: Function,
        step: { type: String, optional: true },
        productId: { type: Number, optional: true },
    };

    setup() {
        this.till = this.props.pos.tibilletTill;
        this.stock = this.till.stock;
        this.shared = useState(this.till.state);
        this.body = useRef("body");
        this.state = useState({
            step: this.props.step || "home",
            error: "",
            told: "",
            busy: false,
            kegs: [],
            reasons: [],
            goods: [],
            search: "",
            keg: null,
            loss: { product: this.props.productId || 0, quantity: "1", reason: 0, note: "" },
        });
        onWillStart(() => this.load());
        useEffect(
            () => {
                this.body.el?.querySelector("[data-first]")?.focus();
            },
            () => [this.state.step]
        );
    }

    get title() {
        return {
            home: _t("Stock"),
            out: _t("What is sold out?"),
            goods: _t("What was lost?"),
            loss: _t("Note a loss"),
            keg: _t("New keg"),
        }[this.state.step];
    }

    async load() {
        this.take(await this.stock.load());
    }

    /** @returns {boolean} whether the server did it; else its sentence is shown */
    take(answer) {
        this.state.error = answer.ok ? "" : answer.message;
        for (const name of ["kegs", "reasons", "goods"]) {
            if (answer[name]) {
                this.state[name] = answer[name];
            }
        }
        return Boolean(answer.ok);
    }

    async busily(act) {
        if (this.state.busy) {
            return false;
        }
        this.state.busy = true;
        try {
            return this.take(await act());
        } finally {
            this.state.busy = false;
        }
    }

    go(step) {
        Object.assign(this.state, { step, error: "", told: "", search: "" });
    }

    quantity(amount) {
        return formatFloat(amount, { digits: [16, 2], trailingZeros: false });
    }

    at(moment) {
        return formatDateTime(deserializeDateTime(moment));
    }

    get countUrl() {
        return `/odoo/stock-count?till=${this.props.pos.config.id}`;
    }

    // -- sold out --------------------------------------------------------------------------

    get mayTouch() {
        return this.props.pos.tibilletMayTouchStock;
    }

    get soldOut() {
        return Object.keys(this.shared.soldOut).length ? this.stock.rows : [];
    }

    outText(row) {
        return _t("Since %(since)s. %(who)s", {
            since: this.at(row.since),
            who: this.stock.whoSaid(row),
        });
    }

    say(templateId, out) {
        return this.busily(() => this.stock.say(templateId, out));
    }

    async sayOut(template) {
        if (await this.say(template.id, true)) {
            this.go("home");
        }
    }

    found(rows) {
        const words = normalize(this.state.search).split(/\s+/);
        return rows
            .filter((row) => words.every((word) => normalize(row.name).includes(word)))
            .slice(0, MOST_SHOWN);
    }

    get templates() {
        return this.found(
            this.props.pos.models["product.template"].filter(
                (product) => product.canBeDisplayed && !this.shared.soldOut[product.id]
            )
        );
    }

    // -- losses ----------------------------------------------------------------------------

    get goods() {
        return this.found(this.state.goods);
    }

    get lost() {
        return this.state.goods.find(({ id }) => id === this.state.loss.product);
    }

    choose(product) {
        this.state.loss.product = product.id;
        this.go("loss");
    }

    get lostQuantity() {
        return readQuantity(this.state.loss.quantity);
    }

    add(change) {
        const quantity = Math.max(0, Math.round((this.lostQuantity || 0) + change));
        this.state.loss.quantity = String(quantity);
    }

    get isLoss() {
        return Boolean(this.lost && this.lostQuantity > 0 && this.state.loss.reason);
    }

    async lose() {
        const { product, reason, note } = this.state.loss;
        const done = await this.busily(async () => {
            const answer = await this.stock.lose({
                productId: product,
                quantity: this.lostQuantity,
                reasonId: reason,
                note: note.trim(),
            });
            return answer.ok ? { ...(await this.stock.load()), told: answer.message } : answer;
        });
        if (done) {
            const { name } = this.state.reasons.find(({ id }) => id === reason);
            const told = _t("%(quantity)s × %(product)s, %(reason)s: out of the stock.", {
                quantity: this.quantity(this.lostQuantity),
                product: this.lost.name,
                reason: name,
            });
            this.state.loss = { product: 0, quantity: "1", reason: 0, note: "" };
            this.go("home");
            this.state.told = told;
        }
    }

    // -- kegs ------------------------------------------------------------------------------

    share(keg) {
        const share = Math.round((100 * keg.on_tap.left) / keg.on_tap.size);
        return Math.min(100, Math.max(0, share));
    }

    leftText({ on_tap: tap, unit }) {
        return _t("%(left)s of %(size)s %(unit)s left", {
            left: this.quantity(tap.left),
            size: this.quantity(tap.size),
            unit,
        });
    }

    kegText(keg) {
        const stock = _t("%(stock)s %(unit)s in stock", {
            stock: this.quantity(keg.in_stock),
            unit: keg.unit,
        });
        return keg.on_tap
            ? _t("On tap since %(since)s, opened by %(person)s. %(stock)s.", {
                  since: this.at(keg.on_tap.opened_at),
                  person: keg.on_tap.person,
                  stock,
              })
            : _t("None on tap. %(stock)s.", { stock });
    }

    get restText() {
        const { on_tap: tap, unit } = this.state.keg;
        return tap.left > 0
            ? _t(
                  "By what was sold, %(left)s %(unit)s should be left in it. Empty all the same: they are noted as foam and dregs.",
                  { left: this.quantity(tap.left), unit }
              )
            : _t("By what was sold it is empty.");
    }

    async newKeg(keg) {
        if (!keg.on_tap) {
            return this.tap(keg, { lose: false, again: true });
        }
        this.go("keg");
        this.state.keg = keg;
    }

    async tap(keg, how) {
        if (await this.busily(() => this.stock.keg({ productId: keg.product_id, ...how }))) {
            this.go("home");
        }
    }
}
