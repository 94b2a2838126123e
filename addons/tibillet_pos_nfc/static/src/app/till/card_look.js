import { _t } from "@web/core/l10n/translation";
import { describe } from "./states";

/** A card, nothing to pay: what it holds and what it opens. */
export class CardLook {
    /**
     * @param {Object} parts
     * @param {{busy: boolean}} parts.state
     * @param {import("./device_journal").DeviceJournal} parts.journal
     * @param {import("./till_client").TillClient} parts.client
     * @param {import("./till_band").TillBand} parts.band
     * @param {import("./till_money").TillMoney} parts.money
     */
    constructor({ state, journal, client, band, money }) {
        this.state = state;
        this.journal = journal;
        this.client = client;
        this.band = band;
        this.money = money;
    }

    async look(uid) {
        this.state.busy = true;
        try {
            const answer = await this.client.lookup(this.journal.credential, uid);
            if (!answer.ok) {
                this.band.show(describe(answer.code, { message: answer.message }));
                return;
            }
            this.band.show({
                code: "card",
                tone: "card",
                title: answer.card.named ? _t("Card in a name") : _t("Anonymous card"),
                tail: answer.card.tail,
                left: this.money.formatMinor(answer.left_minor),
                split: answer.left,
                rights: answer.rights,
                keys: ["close"],
            });
        } catch {
            this.band.show(describe("server_gone"));
        } finally {
            this.state.busy = false;
        }
    }
}
