import { onWillStart, useEffect, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { typed } from "./amounts";
import { CardStep } from "./card_step";

/** Money back, by the way it came; by transfer instead; or left to the place. */
export class CardRefund extends CardStep {
    static template = "tibillet_pos_nfc.CardRefund";

    setup() {
        super.setup();
        onWillStart(() => this.load());
        const step = useRef("step");
        useEffect(
            () => {
                step.el?.querySelector("[data-first]")?.focus();
            },
            () => [this.state.more]
        );
    }

    blank() {
        return { ways: null, assetId: 0, text: "", identity: "", name: "", iban: "", more: "" };
    }

    async load() {
        const ways = await this.till.cardPages.look("tibillet_card_ways", this.page.props.uid);
        if (!ways.ok) {
            this.page.refuse(ways.message || _t("The server does not answer. Try again."));
            return;
        }
        this.state.ways = ways;
        this.choose(ways.assets[0]?.asset_id || 0);
    }

    choose(assetId) {
        Object.assign(this.state, { assetId, more: "" });
        this.state.text = this.asset ? typed(this.asset.transfer, this.decimals) : "";
    }

    get ways() {
        return this.state.ways;
    }

    get asset() {
        return this.ways?.assets.find((asset) => asset.asset_id === this.state.assetId);
    }

    /** What this way pays of the typed amount. */
    most(way) {
        return Math.min(this.minor, this.asset[way]);
    }

    may(way) {
        const open = way !== "bank_card" || this.ways.by_bank;
        return !this.asset.refusal && open && this.most(way) > 0;
    }

    get needsIdentity() {
        return this.most("cash") > this.asset.identity_above_minor;
    }

    /** One question at a time: by transfer and as a gift each take the place of the ways. */
    get isChoosing() {
        return !["transfer", "give"].includes(this.state.more);
    }

    /** Where several ways share the money: how much of it each one brought. */
    get told() {
        const { cash, bank_card: card, transfer: all } = this.asset;
        const amounts = {
            cash: this.money(cash),
            card: this.money(card),
            all: this.money(all),
        };
        if (cash && card) {
            return _t(
                "It came as %(cash)s in cash and %(card)s by bank card. By transfer: up to %(all)s.",
                amounts
            );
        }
        if (cash) {
            return _t("It came in cash: %(cash)s. By transfer: up to %(all)s.", amounts);
        }
        return card
            ? _t("It came by bank card: %(card)s. By transfer: up to %(all)s.", amounts)
            : _t("By transfer only: up to %(all)s.", amounts);
    }

    get transferLabel() {
        return _t("Transfer %(amount)s", { amount: this.money(this.most("transfer")) });
    }

    get giveLabel() {
        const amount = this.money(Math.min(this.minor, this.asset.give_minor));
        return _t("Give %(amount)s to the place", { amount });
    }

    /** Whether the drawer has enough; never how much: it is counted blind. */
    get drawerAlert() {
        if (!this.may("cash")) {
            return "";
        }
        const amount = this.money(this.asset.cash);
        const said = {
            short: _t("Not enough in the drawer for %(amount)s: pay it back by transfer.", {
                amount,
            }),
            low: _t("%(amount)s in cash would leave little in the drawer. By transfer instead?", {
                amount,
            }),
        };
        return said[this.asset.drawer] || "";
    }

    /** The ways as keys; when the drawer would hold too little, cash stands behind a transfer. */
    get keys() {
        const key = (way, label) => ({
            way,
            label,
            open: this.may(way),
            amount: this.may(way) ? this.money(this.most(way)) : "",
        });
        const spares = Boolean(this.drawerAlert) && this.may("transfer");
        const cash = { ...key("cash", _t("Cash")), quiet: spares, run: () => this.payCash() };
        const transfer = {
            ...key("transfer", _t("By transfer instead")),
            amount: "",
            quiet: !spares,
            run: () => this.open("transfer"),
        };
        const card = {
            ...key("bank_card", _t("Bank card")),
            quiet: false,
            run: () => this.pay("bank_card", this.most("bank_card")),
        };
        return spares ? [card, transfer, cash] : [cash, card, transfer];
    }

    open(more) {
        this.state.more = more;
        this.page.refuse("");
    }

    async payCash() {
        if (this.needsIdentity && !this.state.identity.trim()) {
            this.state.more = "identity";
            this.page.refuse(_t("Look at an identity paper and note it: kind, number and name."));
            return;
        }
        await this.pay("cash", this.most("cash"), { identity: this.state.identity });
    }

    async pay(means, minor, values = {}) {
        const amount = this.amountOr(minor, "price_minor");
        const { cashier } = this.till.pos;
        const answer =
            amount &&
            (await this.page.ask("refund", {
                ...amount,
                ...values,
                means,
                asset_id: this.state.assetId,
                employee_id: this.till.pos.config.module_pos_hr ? cashier?.id || false : false,
            }));
        if (!answer) {
            return;
        }
        const told = this.money(answer.price_minor);
        if (means === "cash") {
            this.till.pos.hardwareProxy.openCashbox();
        }
        const title = {
            cash: _t("Give %(amount)s in cash", { amount: told }),
            bank_card: _t("Credit %(amount)s on the bank card, at the terminal", { amount: told }),
            transfer: _t("%(amount)s leaves by transfer", { amount: told }),
        }[means];
        await this.page.finish({ ...answer, title });
    }

    payTransfer() {
        return this.pay("transfer", this.most("transfer"), {
            holder_name: this.state.name,
            iban: this.state.iban,
        });
    }

    async give() {
        const amount = this.amountOr(Math.min(this.minor, this.asset.give_minor), "price_minor");
        const answer =
            amount && (await this.page.ask("give", { ...amount, asset_id: this.state.assetId }));
        if (answer) {
            const title = _t("Thank you for %(amount)s", {
                amount: this.money(amount.price_minor),
            });
            await this.page.finish({ ...answer, title });
        }
    }
}
