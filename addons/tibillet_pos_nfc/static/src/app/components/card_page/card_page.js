import { Component, onMounted, onWillUnmount, toRaw, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { cardActTold } from "@tibillet_pos_nfc/app/tap/customer_side";
import { formatUnit } from "@tibillet_pos_nfc/app/till/units";
import { CardConsent } from "./card_consent";
import { CardGift } from "./card_gift";
import { CardLink, CardLost, CardMoves, CardRecycle, CardReplace } from "./card_people";
import { CardReceipt } from "./card_receipt";
import { CardRefund } from "./card_refund";
import { CardTopUp } from "./card_top_up";

const STEPS = {
    topup: CardTopUp,
    refund: CardRefund,
    link: CardLink,
    lost: CardLost,
    gift: CardGift,
    replace: CardReplace,
    recycle: CardRecycle,
    moves: CardMoves,
    consent: CardConsent,
};

/**
 * A card that was tapped with an empty basket: whose it is, what it holds, what to do with it.
 *
 * Everything shown comes from the server; nothing here computes a balance. One question at a
 * time: a step takes the place of the balances, and its answer the place of the step.
 */
export class CardPage extends Component {
    static template = "tibillet_pos_nfc.CardPage";
    static components = { Dialog };
    static props = { till: Object, uid: String, page: Object, close: Function };

    setup() {
        this.till = toRaw(this.props.till); // the dialog follows what it is given
        this.self = this; // a template's own context is not the component
        this.state = useState({
            page: this.props.page,
            view: "card",
            busy: false,
            error: "",
            canRetry: false,
            done: null,
        });
        onMounted(() => this.till.cardPages.opened(this));
        this.keepInSight();
        onWillUnmount(() => {
            this.decide?.(false);
            this.till.cardPages.closed(this);
        });
    }

    /** By keyboard each step starts at its top; what was refused is never below the edge. */
    keepInSight() {
        const heading = useRef("heading");
        const error = useRef("error");
        let shown = this.state.view;
        useEffect(
            (view) => {
                if (view !== shown) {
                    shown = view;
                    heading.el?.focus();
                }
            },
            () => [this.state.view]
        );
        useEffect(
            () => {
                error.el?.scrollIntoView({ block: "nearest" });
            },
            () => [this.state.error]
        );
    }

    get page() {
        return this.state.page;
    }

    get card() {
        return this.page.card;
    }

    get shape() {
        return this.card.look === "wait" ? "card" : this.card.look;
    }

    get step() {
        return STEPS[this.state.view];
    }

    // -- what it shows -------------------------------------------------------------------------

    amount(row) {
        return formatUnit(row, this.till.pos.currency);
    }

    held(row) {
        return formatUnit({ ...row, amount_minor: row.held_minor }, this.till.pos.currency);
    }

    /** Euros stand beside a unit that is worth money and is not called by them. */
    value(row) {
        const unit = row.unit && row.unit !== this.till.pos.currency.symbol;
        return unit && row.value_minor ? this.till.formatMinor(row.value_minor) : "";
    }

    /** A manager of the server's with a cashier's badge at the till is a cashier here. */
    get isManager() {
        const { pos } = this.till;
        return !pos.config.module_pos_hr || pos.cashier?._role === "manager";
    }

    get actions() {
        const { may } = this.page;
        return [
            ["topup", _t("Top up"), may.topup && this.page.loads.length],
            ["refund", _t("Refund"), may.refund],
            ["link", _t("Link to a person"), may.link],
            ["lost", _t("Block"), may.lost],
        ].map(([view, label, open]) => ({ view, label, open: Boolean(open) }));
    }

    get others() {
        const { may, gifts } = this.page;
        return [
            ["gift", _t("Give a gift"), may.gift && gifts.length && this.isManager],
            ["code", _t("Print the claim code"), may.code],
            ["replace", _t("Replace a lost card by this one"), may.replace],
            ["recycle", _t("Take the card back, blank"), may.recycle],
            ["moves", _t("What it did"), may.moves && this.isManager],
            ["consent", _t("Offers by habit"), typeof this.page.consent === "boolean"],
        ]
            .filter(([, , open]) => open)
            .map(([view, label]) => ({ view, label }));
    }

    // -- where it goes -------------------------------------------------------------------------

    go(view) {
        Object.assign(this.state, { view, error: "", done: null });
        this.till.customer.follow(null);
        this.decide?.(false);
        if (view === "code") {
            return this.printCode();
        }
    }

    refuse(message) {
        this.state.error = message;
    }

    /** One touch gives what an offer gives; the server looks at everything again. */
    async useOffer({ offer_id }) {
        const answer = await this.ask("offer", { offer_id });
        if (answer) {
            await this.finish({ ...answer, title: _t("Given") });
        }
    }

    /** At the holder's word: nothing moves, and what slept is awake. */
    async keep() {
        const answer = await this.ask("keep", {});
        if (answer) {
            await this.finish({ ...answer, title: _t("Kept") });
        }
    }

    get asleepText() {
        return _t(
            "Not used for a long time: %s. What does its holder want? Nothing is taken.",
            this.page.asleep.join(", ")
        );
    }

    async printCode() {
        this.state.view = "more";
        const answer = await this.ask("code", {});
        if (answer) {
            await this.finish({ ...answer, title: answer.receipt.code });
            await this.print();
        }
    }

    /**
     * Ask the server for an act; without an answer the cashier may repeat the very same one.
     *
     * @returns {Promise<Object|null>} the answer, or null when it was refused or given up
     */
    async ask(name, values) {
        if (this.state.busy) {
            return null;
        }
        const pages = this.till.cardPages;
        const act = pages.allot(this.props.uid, name, values);
        for (;;) {
            Object.assign(this.state, { busy: true, error: "", canRetry: false });
            const answer = await pages.send(act);
            this.state.busy = false;
            if (answer.ok) {
                return answer;
            }
            if (!answer.lost) {
                this.state.error = answer.message;
                return null;
            }
            this.state.error = _t("The server did not answer. Nothing is done twice: try again.");
            this.state.canRetry = true;
            const again = await new Promise((resolve) => (this.decide = resolve));
            this.decide = null;
            if (!again) {
                pages.leave(act);
                return null;
            }
        }
    }

    /** From now on a tap is for the till again. */
    leave() {
        this.till.cardPages.closed(this);
        this.till.customer.follow(null);
        this.props.close();
    }

    retry() {
        this.decide?.(true);
    }

    /** Show what was done, print its receipt where receipts print by themselves. */
    async finish(done) {
        Object.assign(this.state, { view: "done", done, error: "" });
        this.till.customer.follow(cardActTold(done.receipt));
        if (done.receipt && this.till.pos.config.iface_print_auto) {
            await this.print();
        }
        const page = await this.till.cardPages.look("tibillet_card_page", this.props.uid);
        if (page.ok) {
            this.state.page = page;
        }
    }

    print() {
        const { printer } = this.till.pos.env.services;
        const { receipt } = this.state.done;
        return printer.print(CardReceipt, { receipt }, { webPrintFallback: true });
    }
}
