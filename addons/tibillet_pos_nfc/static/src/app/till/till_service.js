import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { uuidv4 } from "@point_of_sale/utils";
import { ReaderService } from "@tibillet_pos_nfc/app/readers/reader_service";
import { BridgeSource } from "@tibillet_pos_nfc/app/readers/bridge_source";
import { WedgeSource } from "@tibillet_pos_nfc/app/readers/wedge_source";
import { SimulatedSource } from "@tibillet_pos_nfc/app/readers/simulated_source";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { ReaderPairingDialog } from "@tibillet_pos_nfc/app/components/pairing/reader_pairing_dialog";
import { PairingDialog } from "@tibillet_pos_nfc/app/components/pairing/pairing_dialog";
import { basketLines, fromMinor, toMinor } from "./basket";
import { DeviceJournal } from "./device_journal";
import { Sounds } from "./sounds";
import { describe } from "./states";
import { TapGate } from "./tap_gate";
import { TillClient } from "./till_client";
import { tillEvents } from "./till_events";
import { tillScope, UnsentOrders } from "./unsent_orders";

export const YES_MS = 1500;
export const RENEW_MS = 60000;
export const RESEND_MS = 15000;
const READER_STATES = [
    "two_cards",
    "card_withdrawn",
    "reader_unplugged",
    "bridge_absent",
    "bridge_unpaired",
    "permission_asked",
    "permission_refused",
];
/** Of no matter while another source reads: told in the bar, not across the screen. */
const QUIET_STATES = ["bridge_absent", "bridge_unpaired", "permission_asked", "permission_refused"];

export const isWallet = (method) => method?.use_payment_terminal === "tibillet_nfc";

/**
 * From a tap to a free till.
 *
 * A tap is answered by a hold; the till is free when it is granted, and the order goes to the
 * server behind the next customer. Nothing here decides what a card may pay: the server does.
 */
export class Till {
    constructor(env, { pos, orm, dialog, storage = window.localStorage }) {
        this.env = env;
        this.pos = pos;
        this.orm = orm;
        this.dialog = dialog;
        this.journal = new DeviceJournal(storage, tillScope());
        this.unsent = new UnsentOrders(storage, tillScope());
        this.gate = new TapGate();
        this.sounds = new Sounds({ storage });
        this.client = new TillClient(
            (method, args) => orm.silent.call("pos.session", method, [[pos.session.id], ...args]),
            { isConnectionLost: (error) => error instanceof ConnectionLostError }
        );
        this.state = reactive({
            band: null,
            busy: false,
            paired: this.journal.isPaired,
            reader: "",
            unsent: this.unsent.uuids.length,
        });
        this.waiting = null;
        this.sending = new Map();
        this.isSimulated = Boolean(pos.config._tibillet_simulated);
    }

    // -- start -------------------------------------------------------------------------

    get method() {
        return this.pos.config.payment_method_ids.find(isWallet);
    }

    async start() {
        if (!this.method) {
            return;
        }
        this.startReader();
        tillEvents.addEventListener("drop", ({ detail: line }) => this.drop(line));
        setInterval(() => this.renewHolds(), RENEW_MS);
        setInterval(() => this.settle(), RESEND_MS);
        window.addEventListener("pos-network-online", () => this.settle());
        if (!this.state.paired && this.isSimulated) {
            await this.pair().catch(() => {});
        }
        await this.loadDevice();
        this.settle({ fromReload: true });
    }

    startReader() {
        this.reader = new ReaderService();
        const wanted = this.pos.config.tibillet_reader;
        if (wanted !== "wedge") {
            this.bridge = new BridgeSource();
            this.reader.addSource(this.bridge);
        }
        if (wanted !== "bridge") {
            this.reader.addSource(new WedgeSource());
        }
        if (this.isSimulated) {
            this.simulated = new SimulatedSource({ allowed: true });
            this.reader.addSource(this.simulated);
        }
        this.reader.addEventListener("card", ({ detail }) => this.onCard(detail));
        this.reader.addEventListener("error", ({ detail }) => this.onReaderError(detail.code));
        this.reader.addEventListener("status", ({ detail }) => this.onReaderStatus(detail));
        this.reader.start();
    }

    async loadDevice() {
        const id = this.journal.deviceId;
        if (id && !this.pos.models["tibillet.device"].get(id)) {
            await this.pos.data.read("tibillet.device", [id]).catch(() => {});
        }
    }

    get device() {
        return this.pos.models["tibillet.device"].get(this.journal.deviceId);
    }

    /** @returns {Promise<Object>} the server's answer; the credential stays in this browser */
    async pair(code = "") {
        const answer = await this.client.pair(code, "");
        if (answer.ok) {
            this.journal.pair(answer);
            this.state.paired = true;
            await this.loadDevice();
        }
        return answer;
    }

    // -- what the reader says ------------------------------------------------------------

    onReaderStatus({ code }) {
        this.state.reader = code;
        const alone = this.pos.config.tibillet_reader === "bridge" && !this.isSimulated;
        if (READER_STATES.includes(code)) {
            if (alone || !QUIET_STATES.includes(code)) {
                this.onReaderState(code);
            }
        } else if (READER_STATES.includes(this.state.band?.code)) {
            this.closeBand();
        }
    }

    /** A tap that came to nothing; what the bridge says of its own frames is not for people. */
    onReaderError(code) {
        if (READER_STATES.includes(code) || code === "card_unknown") {
            this.onReaderState(code);
        }
    }

    onReaderState(code) {
        if (!this.state.busy) {
            this.show({ ...describe(code), waiting: this.waiting });
        }
    }

    /** Whether a reader in this state leaves the till without any. */
    isAway(code) {
        return READER_STATES.includes(code) && !this.isSimulated;
    }

    retryReader() {
        this.reader.stop();
        this.reader.start();
    }

    async onCard({ uid, at = Date.now() }) {
        if (this.state.busy) {
            return;
        }
        if (!this.state.paired) {
            this.show(describe("not_paired"));
            return;
        }
        const { waiting } = this;
        if (waiting) {
            return waiting.onCard(uid, at);
        }
        const order = this.pos.getOrder();
        const screen = this.pos.router.state.current;
        if (screen === "ProductScreen" && this.isPayable(order)) {
            return this.pos.config.tibillet_tap_pays
                ? this.payDirectly(order, uid, at)
                : this.look(uid);
        }
        if (screen === "PaymentScreen" && this.isPayable(order)) {
            return this.payOnScreen(order, uid, at);
        }
        return this.look(uid);
    }

    isPayable(order) {
        return Boolean(
            order && !order.finalized && order.lines.length && order.remainingDue && !order.isRefund
        );
    }

    // -- paying ----------------------------------------------------------------------------

    get decimals() {
        return this.pos.currency.decimal_places;
    }

    lines(order) {
        return basketLines(
            order.lines
                .filter((line) => !line.combo_line_ids?.length)
                .map((line) => ({
                    productId: line.product_id.id,
                    amount: line.priceIncl,
                    refundedLineId: line.refunded_orderline_id?.id,
                })),
            order.totalDue,
            this.decimals
        );
    }

    async payDirectly(order, uid, at) {
        const amountMinor = toMinor(order.remainingDue, this.decimals);
        if (!this.admits(order, uid, amountMinor, at)) {
            return;
        }
        const added = order.addPaymentline(this.method);
        if (!added.status) {
            return;
        }
        const line = added.data;
        const paid = await this.take(order, line, uid, { direct: true });
        if (!paid) {
            if (order.payment_ids.includes(line)) {
                order.removePaymentline(line);
            }
            return;
        }
        await this.finish(order, { direct: true });
    }

    async payOnScreen(order, uid, at) {
        const amountMinor = toMinor(order.remainingDue, this.decimals);
        if (!this.admits(order, uid, amountMinor, at)) {
            return;
        }
        const pending = order.payment_ids.find(
            (line) =>
                isWallet(line.payment_method_id) &&
                ["pending", "retry"].includes(line.payment_status)
        );
        const added = pending ? { status: true, data: pending } : order.addPaymentline(this.method);
        if (added.status && (await this.take(order, added.data, uid))) {
            await this.finish(order);
        }
    }

    admits(order, uid, amountMinor, at) {
        return this.gate.admits({ uid, basket: order.uuid, amountMinor, at });
    }

    /**
     * Wait for a card for this line: what the payment screen asks of its terminal.
     *
     * @returns {Promise<boolean>} whether a card paid it
     */
    waitForCard(order, line) {
        if (!this.state.paired) {
            this.show(describe("not_paired"));
            return Promise.resolve(false);
        }
        this.stopWaiting();
        return new Promise((resolve) => {
            const done = (paid) => {
                if (this.waiting?.line === line) {
                    this.waiting = null;
                }
                resolve(paid);
            };
            this.waiting = {
                order,
                line,
                done,
                onCard: async (uid, at) => {
                    const amountMinor = toMinor(line.getAmount(), this.decimals);
                    if (!this.admits(order, uid, amountMinor, at)) {
                        return;
                    }
                    done(await this.take(order, line, uid));
                },
            };
            this.show({
                ...describe("tap_now"),
                tone: "wait",
                amount: this.format(line.getAmount()),
            });
        });
    }

    stopWaiting() {
        const { waiting } = this;
        this.waiting = null;
        if (waiting) {
            waiting.done(false);
        }
        if (["tap_now", "other_card"].includes(this.state.band?.code)) {
            this.closeBand();
        }
    }

    /**
     * Set the line's amount aside on the card. On yes the line is done and says what paid it.
     *
     * @returns {Promise<boolean>}
     */
    async take(order, line, uid, { direct = false, upTo = null } = {}) {
        const lines = this.lines(order);
        const total = lines.reduce((sum, item) => sum + item.amount_minor, 0);
        const asked = upTo ?? toMinor(line.getAmount(), this.decimals);
        this.drop(line); // what a former try of this line still holds goes back first
        const act = this.journal.allot("hold", uuidv4(), { order: order.uuid });
        line.update({ transaction_id: act.key, tibillet_device_id: this.device });
        line.setPaymentStatus("waiting");
        const request = { uid, lines, upTo: asked === total ? null : Math.abs(asked) };
        const context = { order, line, uid, direct, asked };
        const answer = await this.ask(act, request);
        if (!order.payment_ids.includes(line)) {
            // taken off while the server was asked: what it set aside goes back
            this.journal.settle(act.seq);
            if (answer.ok) {
                this.giveUp(act.key);
            }
            this.closeBand();
            return false;
        }
        if (answer.ok) {
            this.granted(context, answer);
            return true;
        }
        this.refused(context, act, answer);
        return false;
    }

    async ask(act, request) {
        this.state.busy = true;
        let leave;
        const left = new Promise((resolve) => (leave = resolve));
        this.leave = leave;
        try {
            return await this.client.hold(this.journal.credential, act, request, {
                left,
                onWait: (code) =>
                    this.show(describe("server_slow", { mayLeave: code === "may_leave" })),
            });
        } catch (error) {
            const message = error instanceof RPCError ? error.data?.message : "";
            return { ok: false, code: "not_allowed", message: message || String(error.message) };
        } finally {
            this.state.busy = false;
            this.leave = null;
        }
    }

    granted({ line, order, asked, direct }, answer) {
        this.journal.settle(this.actOf(line)?.seq);
        if (this.journal.pending("void").length) {
            this.settle(); // the server answers again: tell it what was given up meanwhile
        }
        line.setAmount(fromMinor(answer.amount_minor, this.decimals));
        line.setPaymentStatus("done");
        line.update({ card_no: answer.card.tail, card_type: "TiBillet" });
        line.can_be_reversed = false;
        // What is promised back comes to the card with its order: the receipt counts it in.
        const leftMinor = answer.left_minor - Math.min(0, answer.amount_minor);
        order.uiState.tibillet = {
            ...(order.uiState.tibillet || {}),
            [line.uuid]: {
                tail: answer.card.tail,
                split: answer.split,
                left: answer.left,
                leftMinor,
            },
        };
        const back = asked < 0;
        const missingMinor = Math.abs(asked) - Math.abs(answer.amount_minor);
        if (missingMinor > 0) {
            this.show({
                ...describe("partly_paid", {
                    missing: this.formatMinor(missingMinor),
                    paid: this.formatMinor(answer.amount_minor),
                }),
                context: { order, direct, missingMinor: 0 },
            });
            return;
        }
        this.show({
            code: back ? "back" : "paid",
            tone: "yes",
            title: back
                ? _t("Given back %(amount)s", { amount: this.formatMinor(-answer.amount_minor) })
                : _t("Paid %(amount)s", { amount: this.formatMinor(answer.amount_minor) }),
            left: this.formatMinor(leftMinor),
            split: answer.split.length > 1 ? answer.split : [],
            rights: answer.rights,
            keys: [],
            orderUuid: order.uuid,
        });
    }

    refused(context, act, answer) {
        const { order, line, uid, asked, direct } = context;
        const lost = ["server_slow", "server_gone"].includes(answer.code);
        if (lost) {
            this.giveUp(act.key);
        } else {
            this.journal.settle(act.seq);
        }
        if (answer.code !== "insufficient_funds") {
            this.gate.forget();
        }
        line.update({ transaction_id: "", tibillet_device_id: undefined });
        line.setPaymentStatus("retry");
        line.tibillet_reason = answer.message || "";
        if (answer.unpaired) {
            this.journal.unpair();
            this.state.paired = false;
            this.show(describe("not_paired"));
            return;
        }
        if (answer.left) {
            this.closeBand();
            return;
        }
        const missingMinor = answer.missing_minor || 0;
        this.show({
            ...describe(answer.code, {
                missing: this.formatMinor(missingMinor),
                message: answer.message,
            }),
            context: { order, uid, asked, missingMinor, direct, line },
        });
    }

    actOf(line) {
        return this.journal.pending("hold").find((act) => act.key === line.transaction_id);
    }

    // -- ways out ----------------------------------------------------------------------------

    /** One key of the band. Each leaves the till as it was before the tap, or better. */
    async press(key) {
        const { band } = this.state;
        const context = band?.context;
        if (key === "leave" && this.leave) {
            this.leave();
            return;
        }
        this.closeBand();
        switch (key) {
            case "leave":
                return this.stopWaiting();
            case "other_card":
                return context && this.otherCard(context);
            case "cash":
            case "bank":
                return this.otherMethod(key, context);
            case "retry":
                return context && this.retry(context);
            case "retry_reader":
                return this.retryReader();
            case "pair":
                return this.openPairing();
            case "pair_reader":
                return this.openReaderPairing();
            case "open_order":
            case "receipt":
                return this.openOrder(band.orderUuid, key);
        }
    }

    async retry({ order, uid, direct }) {
        if (!this.isPayable(order)) {
            return;
        }
        return direct
            ? this.payDirectly(order, uid, Date.now())
            : this.payOnScreen(order, uid, Date.now());
    }

    /** Take what a short card has, so that something else pays the rest. */
    async takeWhatIsThere({ order, uid, asked, missingMinor }) {
        const there = asked - missingMinor;
        if (!missingMinor || there <= 0) {
            return true;
        }
        const line = this.cleanLine(order);
        line.setAmount(fromMinor(there, this.decimals));
        return this.take(order, line, uid, { upTo: there });
    }

    /** A wallet line to work with: the refused one of the payment screen, or a new one. */
    cleanLine(order) {
        const refused = order.payment_ids.find(
            (line) => isWallet(line.payment_method_id) && line.payment_status === "retry"
        );
        return refused || order.addPaymentline(this.method).data;
    }

    async otherCard(context) {
        if (!(await this.takeWhatIsThere(context))) {
            return;
        }
        const { order, direct } = context;
        const line = this.cleanLine(order);
        line.setAmount(order.remainingDue);
        const rest = this.format(line.getAmount());
        const paying = this.waitForCard(order, line);
        this.show({ ...describe("other_card"), tone: "wait", amount: rest, context });
        if (await paying) {
            await this.finish(order, { direct });
        } else if (line.payment_status !== "done" && order.payment_ids.includes(line)) {
            order.removePaymentline(line);
        }
    }

    async otherMethod(key, context) {
        this.stopWaiting();
        const order = context?.order || this.pos.getOrder();
        if (!order || order.finalized) {
            return;
        }
        if (context && !(await this.takeWhatIsThere(context))) {
            return;
        }
        for (const line of [...order.payment_ids]) {
            if (isWallet(line.payment_method_id) && line.payment_status === "retry") {
                order.removePaymentline(line);
            }
        }
        const method = this.pos.config.payment_method_ids.find((candidate) =>
            key === "cash" ? candidate.type === "cash" : candidate.type === "bank"
        );
        if (method && order.remainingDue) {
            order.addPaymentline(method);
        }
        this.closeBand();
        this.pos.navigate("PaymentScreen", { orderUuid: order.uuid });
    }

    openOrder(uuid, key) {
        const order = this.pos.models["pos.order"].getBy("uuid", uuid);
        if (!order) {
            return;
        }
        if (key === "receipt" && order.finalized) {
            return this.pos.navigate("ReceiptScreen", { orderUuid: uuid });
        }
        this.pos.setOrder(order);
        this.pos.navigate("PaymentScreen", { orderUuid: uuid });
    }

    openPairing() {
        this.dialog.add(PairingDialog, { till: this });
    }

    openReaderPairing() {
        this.dialog.add(ReaderPairingDialog, { bridge: this.bridge });
    }

    // -- a card, nothing to pay ----------------------------------------------------------------

    async look(uid) {
        this.state.busy = true;
        try {
            const answer = await this.client.lookup(this.journal.credential, uid);
            if (!answer.ok) {
                this.show(describe(answer.code, { message: answer.message }));
                return;
            }
            this.show({
                code: "card",
                tone: "card",
                title: answer.card.named ? _t("Card in a name") : _t("Anonymous card"),
                tail: answer.card.tail,
                left: this.formatMinor(answer.left_minor),
                split: answer.left,
                rights: answer.rights,
                keys: ["close"],
            });
        } catch {
            this.show(describe("server_gone"));
        } finally {
            this.state.busy = false;
        }
    }

    // -- the order, behind the next customer -----------------------------------------------------

    /** Validate a fully paid order and free the till; the server hears of it behind. */
    async finish(order, { direct = false } = {}) {
        if (!order.isPaid()) {
            if (direct) {
                this.pos.navigate("PaymentScreen", { orderUuid: order.uuid });
            }
            return;
        }
        order.uiState.tibilletDirect = direct;
        const validation = new OrderPaymentValidation({ pos: this.pos, orderUuid: order.uuid });
        await validation.validateOrder(false);
    }

    /** Number the order in this till's journal, once. */
    stamp(order) {
        if (!this.state.paired || order.tibillet_device_seq) {
            return;
        }
        const act = this.journal.allot("order", order.uuid);
        order.update({ tibillet_device_id: this.device, tibillet_device_seq: act.seq });
    }

    async sendBehind(order, after = async () => {}) {
        this.unsent.add(order.uuid);
        this.state.unsent = this.unsent.uuids.length;
        await this.pos.data.synchronizeLocalDataInIndexedDB();
        this.send(order, after);
    }

    async send(order, after = async () => {}) {
        if (this.sending.has(order.uuid)) {
            return;
        }
        this.sending.set(order.uuid, true);
        try {
            await this.pos.syncAllOrders({ orders: [order], force: true, throw: true });
            this.sent(order);
            await after();
        } catch (error) {
            if (error instanceof RPCError) {
                this.refusedOrder(order, error);
            }
        } finally {
            this.sending.delete(order.uuid);
        }
    }

    sent(order) {
        this.unsent.remove(order.uuid);
        this.state.unsent = this.unsent.uuids.length;
        for (const act of this.journal.pending("order")) {
            if (act.key === order.uuid) {
                this.journal.settle(act.seq);
            }
        }
    }

    /** The server would not record it: the order is a draft again, its card line says why. */
    refusedOrder(order, error) {
        this.unsent.remove(order.uuid);
        this.state.unsent = this.unsent.uuids.length;
        order.state = "draft";
        order.uiState.displayed = true;
        const message = error.data?.message || error.message;
        for (const line of order.payment_ids) {
            if (isWallet(line.payment_method_id)) {
                line.setPaymentStatus("retry");
                line.tibillet_reason = message;
            }
        }
        this.show({ ...describe("order_refused", { message }), orderUuid: order.uuid });
    }

    // -- holds that live, holds that end ---------------------------------------------------------

    heldLines() {
        return this.pos.models["pos.order"]
            .filter((order) => !order.finalized || this.unsent.has(order.uuid))
            .flatMap((order) => [...order.payment_ids])
            .filter(
                (line) =>
                    isWallet(line.payment_method_id) &&
                    line.transaction_id &&
                    line.amount > 0 &&
                    line.payment_status === "done"
            );
    }

    async renewHolds() {
        const lines = this.heldLines();
        if (!lines.length || !this.state.paired) {
            return;
        }
        try {
            const answer = await this.client.renew(
                this.journal.credential,
                lines.map((line) => line.transaction_id)
            );
            for (const line of lines) {
                const gone = answer.lost?.includes(line.transaction_id);
                if (gone && !line.pos_order_id.finalized) {
                    line.setPaymentStatus("retry");
                    line.update({ transaction_id: "", tibillet_device_id: undefined });
                    this.show(describe("hold_expired"));
                }
            }
        } catch {
            // Out of touch: late capture and shortfall cover it, the next minute tries again.
        }
    }

    /** Give a hold back, now or when the server can be reached again. */
    giveUp(key) {
        if (key && !this.journal.pending("void").some((act) => act.key === key)) {
            this.journal.allot("void", key);
            this.settle();
        }
    }

    /** A line leaves an order: what it held goes back to the card. */
    drop(line) {
        if (isWallet(line.payment_method_id) && line.transaction_id) {
            this.giveUp(line.transaction_id);
        }
    }

    /** Repeat what the server has not confirmed: voids, unanswered holds, unsent orders. */
    async settle({ fromReload = false } = {}) {
        if (fromReload) {
            this.abandonUnanswered();
        }
        for (const act of this.journal.pending("void")) {
            await this.settleVoid(act);
        }
        this.settleOrders();
        for (const uuid of this.unsent.uuids) {
            const order = this.pos.models["pos.order"].getBy("uuid", uuid);
            if (order?.finalized) {
                this.send(order);
            } else if (fromReload) {
                this.unsent.remove(uuid);
            }
        }
    }

    /** Orders that went Odoo's way (cash, invoices) are told by the order they became. */
    settleOrders() {
        for (const act of this.journal.pending("order")) {
            const order = this.pos.models["pos.order"].getBy("uuid", act.key);
            if (!this.unsent.has(act.key) && (!order || (order.finalized && order.isSynced))) {
                this.journal.settle(act.seq);
            }
        }
    }

    /** A tap whose answer was lost with the page: nobody waits for it any more. */
    abandonUnanswered() {
        const held = new Set(this.heldLines().map((line) => line.transaction_id));
        for (const act of this.journal.pending("hold")) {
            if (held.has(act.key)) {
                this.journal.settle(act.seq);
            } else if (!this.journal.pending("void").some((other) => other.key === act.key)) {
                this.journal.allot("void", act.key);
            }
        }
    }

    async settleVoid(act) {
        const { credential } = this.journal;
        try {
            await this.client.void(credential, act);
            // A hold that never arrived is told now, void already: the journal has no gap.
            for (const hold of this.journal.pending("hold")) {
                if (hold.key === act.key) {
                    await this.client.call("tibillet_hold", [
                        credential,
                        hold.seq,
                        hold.key,
                        "",
                        [],
                        null,
                    ]);
                    this.journal.settle(hold.seq);
                }
            }
            this.journal.settle(act.seq);
        } catch {
            // Still out of touch; the act stays in the journal and is repeated.
        }
    }

    // -- the band ------------------------------------------------------------------------------

    show(band) {
        clearTimeout(this.bandTimer);
        this.state.band = band;
        if (band.tone !== "wait" && band.tone !== "card") {
            this.sounds.play(band.tone);
        }
        if (band.tone === "yes") {
            this.bandTimer = setTimeout(() => this.closeBand(), YES_MS);
        }
    }

    closeBand() {
        clearTimeout(this.bandTimer);
        this.state.band = null;
    }

    format(amount) {
        return this.env.utils.formatCurrency(amount);
    }

    formatMinor(amountMinor) {
        return this.format(fromMinor(amountMinor, this.decimals));
    }
}

export const tillService = {
    dependencies: ["pos", "orm", "dialog"],
    start(env, { pos, orm, dialog }) {
        const till = new Till(env, { pos, orm, dialog });
        pos.tibilletTill = till;
        till.start();
        return till;
    },
};

registry.category("services").add("tibillet_till", tillService);
