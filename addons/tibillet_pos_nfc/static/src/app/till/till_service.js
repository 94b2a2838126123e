import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {
    CardNumberDialog,
    mayOpenByNumber,
} from "@tibillet_pos_nfc/app/components/card_number/card_number_dialog";
import { PairingDialog } from "@tibillet_pos_nfc/app/components/pairing/pairing_dialog";
import { ReaderPairingDialog } from "@tibillet_pos_nfc/app/components/pairing/reader_pairing_dialog";
import { ReaderCheck } from "@tibillet_pos_nfc/app/components/reader_check/reader_check";
import { NOTICE, Stock } from "@tibillet_pos_nfc/app/stock/stock";
import { SaleUndo } from "@tibillet_pos_nfc/app/undo/sale_undo";
import { Law } from "@tibillet_pos_nfc/app/law/law";
import {
    enterTraining,
    leaveTraining,
    prepareTraining,
    trainingFacts,
} from "@tibillet_pos_nfc/app/training/training_doors";
import { isTraining, MemoryStorage } from "@tibillet_pos_nfc/app/training/training_mode";
import { TrainingServer } from "@tibillet_pos_nfc/app/training/training_server";
import { Prices } from "@tibillet_pos_nfc/app/law/prices";
import { AssetPayment } from "@tibillet_pos_nfc/app/prices/asset_basket";
import { HappyHours, happyHours } from "@tibillet_pos_nfc/app/prices/happy_hour";
import { Offers } from "@tibillet_pos_nfc/app/prices/offers";
import { CardPages } from "./card_pages";
import { Completion } from "@tibillet_pos_nfc/app/tap/completion";
import { CustomerSide, displayWays } from "@tibillet_pos_nfc/app/tap/customer_side";
import { Leaving } from "@tibillet_pos_nfc/app/tap/leaving";
import { TillClock } from "@tibillet_pos_nfc/app/tap/till_clock";
import { LookKey } from "@tibillet_pos_nfc/app/tap/look_key";
import { DeviceJournal } from "./device_journal";
import { HoldKeeper } from "./hold_keeper";
import { OpenBill } from "./open_bill";
import { OrderSender } from "./order_sender";
import { Sounds } from "./sounds";
import { describe } from "./states";
import { TapGate } from "./tap_gate";
import { TapHold } from "./tap_hold";
import { TapPayment } from "./tap_payment";
import { TillBand } from "./till_band";
import { TillClient } from "./till_client";
import { tillEvents } from "./till_events";
import { TillMoney } from "./till_money";
import { TillPairing } from "./till_pairing";
import { TillReader } from "./till_reader";
import { TopUpLine } from "./top_up_line";
import { tillScope, UnsentOrders } from "./unsent_orders";
import { isWallet } from "./wallet_method";
import { WaysOut } from "./ways_out";

export const RENEW_MS = 60000;
export const RESEND_MS = 15000;
const CLOCK_TOLD_MS = 2500;
const PAYING_SCREENS = ["ProductScreen", "PaymentScreen"];

/**
 * From a tap to a free till.
 *
 * A tap is answered by a hold; the till is free when it is granted, and the order goes to the
 * server behind the next customer. The parts do the work and know nothing of Odoo's screens; here
 * they are put together and a card finds its way to the one that it is for.
 */
export class Till {
    constructor(env, { pos, orm, dialog, storage = window.localStorage }) {
        this.pos = pos;
        this.timeSource = { orm, session: pos.session };
        this.dialog = dialog;
        this.isTraining = isTraining();
        this.isSimulated = this.isTraining || Boolean(pos.config._tibillet_simulated);
        storage = this.isTraining ? new MemoryStorage(storage) : storage;
        this.state = reactive({
            band: null,
            busy: false,
            paired: false,
            reader: "",
            unsent: 0,
            lastSale: null,
            soldOut: {},
        });
        this.journal = new DeviceJournal(storage, tillScope());
        this.unsent = new UnsentOrders(storage, tillScope());
        this.gate = new TapGate();
        this.sounds = new Sounds({ storage });
        if (this.isTraining) {
            prepareTraining(this);
        }
        this.server = this.isTraining
            ? new TrainingServer(
                  trainingFacts({ pos, law: () => this.law, money: () => this.money })
              )
            : {
                  call: (method, args) =>
                      orm.silent.call("pos.session", method, [[pos.session.id], ...args]),
              };
        this.client = new TillClient((method, args) => this.server.call(method, args), {
            isConnectionLost: (error) => error instanceof ConnectionLostError,
        });
        this.money = new TillMoney(pos.currency.decimal_places, (amount) =>
            env.utils.formatCurrency(amount)
        );
        this.customer = new CustomerSide(displayWays(pos));
        this.band = new TillBand(this.state, this.sounds, (band) => this.customer.follow(band));
        this.pairing = new TillPairing({ ...this, devices: this.devices });
        this.holds = new HoldKeeper({
            ...this,
            orders: () => pos.models["pos.order"],
            settle: () => this.settle(),
        });
        this.orders = new OrderSender({
            ...this,
            orderOf: (uuid) => pos.models["pos.order"].getBy("uuid", uuid),
            store: () => pos.data.synchronizeLocalDataInIndexedDB(),
            sync: (order) => pos.syncAllOrders({ orders: [order], force: true, throw: true }),
        });
        this.clock = new TillClock({ onOff: () => this.tellClock() });
        this.prices = new Prices({
            ...this,
            listOf: (id) => pos.models["product.pricelist"].get(id),
        });
        this.happy = new HappyHours({
            rules: () => pos.models["tibillet.happy.hour"]?.getAll() || [],
            zone: pos.config._tibillet_zone || "local",
            now: () => Date.now() + this.clock.offset,
            begun: () => pos.getOrder()?.uiState.tibilletBegun || 0,
        });
        happyHours.current = this.happy;
        this.offers = new Offers({ pos, money: this.money });
        this.law = new Law({
            ...this,
            config: pos.config,
            retry: (context) => this.payment.retry(context),
            validate: (order) => this.validate(order),
        });
        this.stock = new Stock({
            ...this,
            known: pos.config._tibillet_sold_out,
            templateOf: (id) => pos.models["product.template"].get(id),
            cashier: () => ({
                id: (pos.config.module_pos_hr && pos.getCashier()?.id) || false,
                mayTouch: pos.tibilletMayTouchStock,
            }),
        });
        this.hold = new TapHold(this);
        this.payment = new TapPayment({
            ...this,
            method: () => this.method,
            finish: (order, how) => this.finish(order, how),
        });
        this.priced = new AssetPayment(this, (order) => this.finishPriced(order));
        this.payment.priced = this.priced;
        this.bill = new OpenBill(this);
        this.cardPages = new CardPages(this);
        this.topUps = new TopUpLine(this);
        this.reader = new TillReader({
            ...this,
            config: pos.config,
            isSimulated: () => this.isSimulated,
            onCard: (card) => this.onCard(card),
        });
        this.undo = new SaleUndo({
            ...this,
            orderOf: (uuid) => pos.models["pos.order"].getBy("uuid", uuid),
            reload: async (uuids) =>
                this.isTraining || pos.data.loadServerOrders([["uuid", "in", uuids]]),
        });
        this.completion = new Completion({
            ...this,
            store: () => pos.data.synchronizeLocalDataInIndexedDB(),
            finish: (order, how) => this.finish(order, how),
        });
        this.leaving = new Leaving({
            ...this,
            orders: () => pos.models["pos.order"],
            session: () => pos.session.id,
            ...(this.isTraining ? { beacon: () => true } : {}), // nothing to give back
        });
        this.lookKey = new LookKey(this);
        this.waysOut = new WaysOut({
            ...this,
            others: {
                card_page: ({ context }) => this.openCardPage(context.uid),
                reload: () => window.location.reload(),
                retry_reader: () => this.retryReader(),
                age_seen: ({ context }) => context && this.law.ageSeen(context),
                pair: () => this.openPairing(),
                pair_reader: () => this.openReaderPairing(),
                why: () => this.openReaderCheck(),
                undo_now: (band) => this.undo.confirm(band),
                usual_price: ({ context }) => context && this.happy.end(context.order),
                back_in_sale: ({ context }) => this.stock.putBack(context?.templateIds),
            },
        });
    }

    get devices() {
        const { models, data } = this.pos;
        return {
            get: (id) => models["tibillet.device"].get(id),
            load: (id) => data.read("tibillet.device", [id]),
        };
    }

    get method() {
        return this.pos.config.payment_method_ids.find(isWallet);
    }

    async start() {
        if (!this.method) {
            return;
        }
        this.reader.start();
        tillEvents.addEventListener("drop", ({ detail: line }) => this.drop(line));
        setInterval(() => this.holds.renew(), RENEW_MS);
        setInterval(() => this.settle(), RESEND_MS);
        setInterval(() => this.happy.tick(), RESEND_MS);
        this.happy.tick();
        this.askTime();
        window.addEventListener("pos-network-online", () => this.settle());
        window.addEventListener("pagehide", () => this.leaving.leave());
        this.lookKey.start();
        this.pos.data.connectWebSocket(NOTICE, (change) => this.stock.heard(change));
        this.pos.bus.addEventListener("BUS:RECONNECT", () => this.stock.refresh());
        window.addEventListener("pos-network-online", () => this.stock.refresh());
        if (!this.state.paired && this.isSimulated) {
            await this.pair().catch(() => {});
        }
        await this.pairing.loadDevice();
        this.stock.refresh(); // what was said between the page and the bus
        this.settle({ fromReload: true });
    }

    // -- a card has come -------------------------------------------------------------------

    async onCard({ uid, at = Date.now() }) {
        if (this.state.busy) {
            return;
        }
        const screen = this.pos.router.state.current;
        if (this.isLocked) {
            this.band.show(describe("locked")); // nobody answers for this till: it shows no card
            return;
        }
        if (!this.state.paired) {
            this.band.show(describe("not_paired"));
            return;
        }
        if (this.lookKey.takes()) {
            return this.openCardPage(uid);
        }
        this.completion.keepFor(this.pos.getOrder());
        if (this.waiting) {
            return this.waiting.onCard(uid, at);
        }
        if (this.cardPages.page) {
            return this.openCardPage(uid);
        }
        const order = this.pos.getOrder();
        if (this.priced.isPriced(order) && PAYING_SCREENS.includes(screen)) {
            if (screen === "PaymentScreen" || this.pos.config.tibillet_tap_pays) {
                return this.priced.pay(order, uid, at);
            }
        }
        const pays = this.payment.isPayable(order);
        if (screen === "ProductScreen" && pays && this.pos.config.tibillet_tap_pays) {
            return this.payment.payDirectly(order, uid, at);
        }
        if (screen === "PaymentScreen" && pays) {
            return this.payment.payOnScreen(order, uid, at);
        }
        return this.openCardPage(uid);
    }

    /** The answer to the tap first; the clock is told when it has been read. */
    tellClock() {
        setTimeout(() => {
            if (!this.band.shown && !this.state.busy) {
                this.band.show(describe("clock_off"));
            }
        }, CLOCK_TOLD_MS);
    }

    /** Prices go by the hour: the server's, from the start. Offline, this machine's. */
    async askTime() {
        const asked = Date.now();
        const { orm, session } = this.timeSource;
        const answer = await orm.silent
            .call("pos.session", "tibillet_time", [[session.id]])
            .catch(() => ({}));
        this.clock.learn(answer.now_ms, asked);
        this.happy.tick();
    }

    happyOver(name) {
        return _t(
            "“%(rule)s” is over, and the basket was begun too long ago. The basket is kept: take the usual prices.",
            { rule: name }
        );
    }

    /** Validate a fully paid order and free the till; the server hears of it behind. */
    async finish(order, { direct = false } = {}) {
        if (!order.isPaid()) {
            if (direct) {
                this.pos.navigate("PaymentScreen", { orderUuid: order.uuid });
            }
            return;
        }
        order.uiState.tibilletDirect = direct;
        await this.validate(order);
    }

    /** Paid in an asset: nothing is due in money, the till is free. */
    async finishPriced(order) {
        order.uiState.tibilletDirect = true;
        await this.validate(order);
    }

    async validate(order) {
        const validation = new OrderPaymentValidation({ pos: this.pos, orderUuid: order.uuid });
        await validation.validateOrder(false);
    }

    /** Repeat what the server has not confirmed: voids, unanswered holds, unsent orders. */
    async settle({ fromReload = false } = {}) {
        if (fromReload) {
            if (this.leaving.forgetLines()) {
                this.band.show(describe("closed_meanwhile"));
            }
            this.holds.abandonUnanswered();
        }
        await this.cardPages.settle();
        await this.holds.settleVoids();
        this.orders.resend({ fromReload });
        this.undo.settle();
        this.stock.settle();
    }

    // -- what Odoo's screens and our components ask of the till ----------------------------

    get waiting() {
        return this.payment.waiting;
    }

    get bridge() {
        return this.reader.bridge;
    }

    get simulated() {
        return this.reader.simulated;
    }

    isAway(code) {
        return this.reader.isAway(code);
    }

    retryReader() {
        this.reader.retry();
    }

    lookAtReader() {
        this.reader.look();
    }

    pair(code) {
        return this.pairing.pair(code);
    }

    openPairing() {
        this.dialog.add(PairingDialog, { till: this });
    }

    enterTraining() {
        enterTraining(this);
    }

    leaveTraining() {
        leaveTraining();
    }

    openReaderCheck() {
        this.dialog.add(ReaderCheck, { till: this });
    }

    openReaderPairing() {
        this.dialog.add(ReaderPairingDialog, { bridge: this.bridge });
    }

    /** The page of a card: what it holds and what can be done with it. */
    openCardPage(uid) {
        return this.cardPages.open(uid);
    }

    /** The page of a card that does not read. */
    openByNumber() {
        return this.dialog.add(CardNumberDialog, { till: this });
    }

    get mayOpenByNumber() {
        return mayOpenByNumber(this.pos);
    }

    get isLocked() {
        return this.pos.router.state.current === "LoginScreen";
    }

    /** The next card is looked at, whatever is in the basket. */
    lookAtCard() {
        this.lookKey.press();
    }

    press(key) {
        this.lookKey.forget();
        return this.waysOut.press(key);
    }

    waitForCard(order, line) {
        return this.payment.waitForCard(order, line);
    }

    stopWaiting() {
        this.payment.stopWaiting();
    }

    drop(line) {
        this.holds.drop(line);
        this.prices.restore(line.pos_order_id, line);
    }

    stamp(order) {
        this.orders.stamp(order);
        this.undo.remember(order);
    }

    sendBehind(order, after) {
        return this.orders.sendBehind(order, after);
    }

    formatMinor(amountMinor) {
        return this.money.formatMinor(amountMinor);
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
