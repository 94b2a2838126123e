import { _t } from "@web/core/l10n/translation";
import { CardStep } from "./card_step";

/** How much to load, and how it is paid. */
export class CardTopUp extends CardStep {
    static template = "tibillet_pos_nfc.CardTopUp";

    blank() {
        const [first] = this.props.page.page.loads;
        return { text: "", assetId: first?.asset_id };
    }

    get loads() {
        return this.page.page.loads;
    }

    get load() {
        return this.loads.find((load) => load.asset_id === this.state.assetId);
    }

    get room() {
        const { room_minor: room } = this.load;
        return room === null
            ? ""
            : _t("At most %(amount)s more fits on this card.", { amount: this.money(room) });
    }

    get express() {
        const { room_minor: room } = this.load;
        return this.page.page.express.filter((amount) => room === null || amount <= room);
    }

    get hasGoods() {
        return this.till.topUps.hasGoods;
    }

    has(type) {
        return Boolean(this.till.topUps.method(type));
    }

    choose(amountMinor) {
        this.state.text = String(this.till.money.fromMinor(amountMinor)).replace(".", ",");
    }

    isChosen(amountMinor) {
        return this.minor === amountMinor;
    }

    async pay(type) {
        const amount = this.amountOr(this.minor, "price_minor");
        const { topUps } = this.till;
        const promise =
            amount &&
            (await this.page.ask("topup", {
                ...amount,
                asset_id: this.state.assetId,
                beside: topUps.beside,
            }));
        if (!promise) {
            return;
        }
        if (!topUps.product(promise)) {
            this.page.refuse(_t("This till does not know top-ups yet: reload it, then try again."));
            return;
        }
        this.page.leave();
        await topUps.add(promise);
        return type ? topUps.pay(type) : topUps.show();
    }
}
