import { _t } from "@web/core/l10n/translation";
import { parseMinor } from "./amounts";
import { CardStep } from "./card_step";

/** What nobody pays for: a manager's, with a reason. */
export class CardGift extends CardStep {
    static template = "tibillet_pos_nfc.CardGift";

    blank() {
        const [first] = this.props.page.page.gifts;
        return { text: "", reason: "", assetId: first?.asset_id };
    }

    get asset() {
        return this.page.page.gifts.find((asset) => asset.asset_id === this.state.assetId);
    }

    get label() {
        return _t("How much, in %(unit)s", { unit: this.asset.unit });
    }

    async give() {
        const minor = parseMinor(this.state.text, this.asset.scale);
        const amount = this.amountOr(minor, "amount_minor");
        const { assetId, reason } = this.state;
        const answer =
            amount && (await this.page.ask("gift", { ...amount, reason, asset_id: assetId }));
        if (answer) {
            await this.page.finish({ ...answer, title: _t("Given") });
        }
    }
}
