import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { ConnectionLostError } from "@web/core/network/rpc";
import { Dialog } from "@web/core/dialog/dialog";
import { uuidv4 } from "@point_of_sale/utils";
import { useService } from "@web/core/utils/hooks";
import { readAmount } from "./amount";
import { CashSlip } from "./cash_slip";

const EURO = [100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];

/**
 * The drawer: bags for the safe, the blind count, who takes over.
 *
 * One question a screen. The sum that should be there is nowhere in this browser before the
 * count has been answered. A key is made for each count and each bag and repeated in retries.
 */
export class CashDialog extends Component {
    static template = "tibillet_pos_nfc.CashDialog";
    static components = { Dialog };
    static props = {
        pos: Object,
        close: Function,
        step: { type: String, optional: true },
        onCloseSession: { type: Function, optional: true },
    };

    setup() {
        this.printer = useService("printer");
        this.body = useRef("body");
        this.state = useState({
            step: this.props.step || "menu",
            drawer: null,
            error: "",
            busy: false,
            pieces: {},
            loose: "",
            result: null,
            drop: null,
            bag: { amount: "", number: "", person: "", witness: "" },
            next: { person: "", employee: "", pin: "" },
        });
        this.key = uuidv4();
        onWillStart(() => this.load());
        useEffect(
            () => {
                this.body.el?.querySelector("[data-first]")?.focus();
            },
            () => [this.state.step]
        );
    }

    get pos() {
        return this.props.pos;
    }

    get decimals() {
        return this.pos.currency.decimal_places;
    }

    get title() {
        return {
            menu: _t("Cash drawer"),
            bag: _t("Bag for the safe"),
            bagged: _t("Bag for the safe"),
            count: _t("Count the drawer"),
            counted: _t("Counted"),
            accept: _t("Who takes over?"),
        }[this.state.step];
    }

    /** The first screen, and every other after an answer that says where we are. */
    async load() {
        const answer = await this.ask("tibillet_cash", []);
        if (answer) {
            this.state.drawer = answer;
            if (answer.waiting && this.state.step === "menu") {
                this.state.step = "accept";
            }
            this.state.bag.person ||= answer.person;
        }
    }

    async ask(method, args) {
        this.state.busy = true;
        this.state.error = "";
        try {
            const answer = await this.pos.data.call(
                "pos.session",
                method,
                [[this.pos.session.id], ...args],
                { by: this.pos.tibilletBy }
            );
            if (answer.ok) {
                return answer;
            }
            this.state.error = answer.message;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.error = _t("The server does not answer. Nothing is lost: try again.");
        } finally {
            this.state.busy = false;
        }
        return null;
    }

    go(step) {
        this.key = uuidv4();
        this.state.error = "";
        this.state.step = step;
    }

    money(amount) {
        return this.env.utils.formatCurrency(amount);
    }

    at(moment) {
        return toLocaleDateTimeString(deserializeDateTime(moment));
    }

    /** Ask for what is missing, in the first field that is empty. */
    askFor(message) {
        this.state.error = message;
        const fields = [...this.body.el.querySelectorAll("input:not([type=password]), select")];
        fields.find((field) => !field.value.trim())?.focus();
    }

    // -- sentences -------------------------------------------------------------------------

    get whoText() {
        const { person, since } = this.state.drawer;
        return _t("%(person)s has had the drawer since %(since)s.", {
            person,
            since: this.at(since),
        });
    }

    get countText() {
        return _t("I counted %s", this.valueText(this.countedMinor));
    }

    get countedByText() {
        return _t("Counted by %s", this.state.result.person);
    }

    get nextText() {
        return _t(
            "Noted. Whoever comes next starts from %s.",
            this.money(this.state.result.counted)
        );
    }

    get baggedText() {
        return _t(
            "Bag %(bag)s, put in by %(person)s, seen by %(witness)s. Sign the slip, put it in the bag, close it.",
            this.state.drop
        );
    }

    bagText({ bag, at }) {
        return _t("Bag %(bag)s, %(at)s", { bag, at: this.at(at) });
    }

    missingText({ device, acts, seen }) {
        return _t(
            "%(device)s: %(acts)s acts not received, last heard of %(seen)s. Switch it on near the network.",
            { device, acts, seen: this.at(seen) }
        );
    }

    // -- count -----------------------------------------------------------------------------

    get values() {
        const bills = this.pos.models["pos.bill"].getAll().map((bill) => bill.value);
        return (bills.length ? bills : EURO)
            .map((value) => Math.round(value * 10 ** this.decimals))
            .sort((a, b) => b - a);
    }

    valueText(minor) {
        return this.money(minor / 10 ** this.decimals);
    }

    piecesOf(minor) {
        const text = String(this.state.pieces[minor] ?? "").trim();
        return /^\d{1,5}$/.test(text) ? Number(text) : 0;
    }

    get looseMinor() {
        return this.state.loose.trim() ? readAmount(this.state.loose, this.decimals) : 0;
    }

    get countedMinor() {
        const coins = this.values.reduce((sum, minor) => sum + minor * this.piecesOf(minor), 0);
        return coins + (this.looseMinor || 0);
    }

    isOdd(minor) {
        return !/^\d{0,5}$/.test(String(this.state.pieces[minor] ?? "").trim());
    }

    get isCountable() {
        return this.looseMinor !== null && !this.values.some((minor) => this.isOdd(minor));
    }

    async count() {
        this.state.busy = true;
        try {
            await this.pos.tibilletTill.settle();
            await this.pos.syncAllOrders();
        } finally {
            this.state.busy = false;
        }
        if (this.pos.tibilletTill.unsent.uuids.length) {
            this.state.error = _t(
                "Orders of this till wait to be sent. Count when they have left: they are yours."
            );
            return;
        }
        const coins = Object.fromEntries(
            this.values.map((minor) => [minor, this.piecesOf(minor)]).filter(([, n]) => n)
        );
        const loose = (this.looseMinor || 0) / 10 ** this.decimals;
        const answer = await this.ask("tibillet_cash_count", [this.key, coins, loose]);
        if (answer) {
            this.state.result = answer;
            this.go("counted");
        }
    }

    get look() {
        const { difference } = this.state.result;
        return this.pos.currency.isZero(difference) ? "yes" : "look";
    }

    get verdict() {
        const { difference } = this.state.result;
        if (this.pos.currency.isZero(difference)) {
            return _t("Right to the cent");
        }
        const amount = this.money(Math.abs(difference));
        return difference < 0 ? _t("%s is missing", amount) : _t("%s too much", amount);
    }

    closeSession() {
        this.props.close();
        this.props.onCloseSession?.();
    }

    // -- who takes over --------------------------------------------------------------------

    get employees() {
        return this.pos.config.module_pos_hr
            ? this.pos.models["hr.employee"].getAll().filter((one) => one._role !== "minimal")
            : [];
    }

    async accept() {
        const { person, employee, pin } = this.state.next;
        const chosen = this.employees.find((one) => one.id === Number(employee));
        if (!chosen && !person.trim()) {
            this.askFor(_t("Say who takes the drawer over."));
            return;
        }
        const answer = await this.ask("tibillet_cash_accept", [
            chosen ? false : person,
            chosen ? chosen.id : false,
            pin,
        ]);
        if (answer) {
            if (chosen) {
                this.pos.setCashier(chosen);
            }
            this.props.close();
        }
    }

    // -- bags ------------------------------------------------------------------------------

    get isBag() {
        const { amount, number, person, witness } = this.state.bag;
        const texts = [number, person, witness].every((text) => text.trim());
        return texts && Boolean(readAmount(amount, this.decimals));
    }

    async drop() {
        if (!this.isBag) {
            this.askFor(_t("Write the amount, the number of the bag and both names."));
            return;
        }
        const { amount, number, person, witness } = this.state.bag;
        const answer = await this.ask("tibillet_cash_drop", [
            this.key,
            amount,
            number,
            person,
            witness,
        ]);
        if (answer) {
            this.state.drop = answer.drop;
            this.state.bag = { amount: "", number: "", person, witness };
            this.go("bagged");
            await this.print(false);
        }
    }

    print(webPrintFallback = true) {
        const { drop } = this.state;
        return this.printer.print(
            CashSlip,
            {
                company: this.pos.company.name,
                drop,
                amount: this.money(drop.amount),
                at: formatDateTime(deserializeDateTime(drop.at)), // on paper with its year
            },
            { webPrintFallback }
        );
    }

    async cashMove() {
        this.props.close();
        await this.pos.cashMove();
    }
}
