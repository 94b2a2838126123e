import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { tillScope } from "@tibillet_pos_nfc/app/till/unsent_orders";
import { SeatAllotment } from "./seat_allotment";

/** How often a device that is heard of has its seats filled up. */
const REFRESH_MS = 120000;

patch(PosStore.prototype, {
    async setup() {
        await super.setup(...arguments);
        this.tibilletAllotment = new SeatAllotment(window.localStorage, tillScope());
        if (this.config.tibillet_offline_seats || this.tibilletAllotment.lines.length) {
            this.tibilletRefreshAllotment();
            setInterval(() => this.tibilletRefreshAllotment(), REFRESH_MS);
            window.addEventListener("pos-network-online", () => this.tibilletRefreshAllotment());
        }
    },

    /** Fill up what this device keeps; without network it stays as it was. */
    async tibilletRefreshAllotment() {
        const till = this.tibilletTill;
        if (!till?.journal.credential || till.isTraining || this.session.state !== "opened") {
            return;
        }
        const arrived = this.tibilletAllotment.lines.filter((uuid) => this.tibilletArrived(uuid));
        const answer = await this.data.orm.silent
            .call("pos.session", "tibillet_seats_allot", [
                [this.session.id],
                till.journal.credential,
            ])
            .catch(() => null);
        if (answer?.ok) {
            this.tibilletAllotment.refresh(answer.rates, arrived);
        }
    },

    /** The order of this line is at the server, or there is no such line any more. */
    tibilletArrived(uuid) {
        const line = this.models["pos.order.line"].getBy("uuid", uuid);
        return !line || line.order_id?.isSynced;
    },

    /**
     * Seats for these lines among those that this device keeps: all, or none of them.
     *
     * @param {{uuid: string, rate: Object, quantity: number}[]} lines
     * @param {Object} refusal why the server gives none
     */
    tibilletTakeKept(lines, refusal) {
        const taken = [];
        for (const { uuid, rate, quantity } of lines) {
            const answer = this.tibilletAllotment.take(uuid, rate.id, quantity);
            if (answer !== "ok") {
                this.tibilletAllotment.giveBack(taken);
                return { ...refusal, message: this.tibilletKeptSentence(answer, rate, refusal) };
            }
            taken.push(uuid);
        }
        return { ok: true };
    },

    tibilletKeptSentence(answer, rate, { code, message }) {
        if (answer === "least") {
            return _t("“%s” is for groups: more places than that.", rate.name);
        }
        if (answer === "most") {
            return _t("“%s”: not so many places in one order.", rate.name);
        }
        return code === "offline" && this.tibilletAllotment.keeps(rate.id)
            ? _t(
                  "Without network only the seats kept for this till are sold: “%(rate)s” has %(left)s left.",
                  { rate: rate.name, left: this.tibilletAllotment.left(rate.id) }
              )
            : message;
    },
});
