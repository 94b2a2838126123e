import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { uuidv4 } from "@point_of_sale/utils";
import { CardPage } from "@tibillet_pos_nfc/app/components/card_page/card_page";

const NETWORK = () =>
    _t(
        "Without network no right of the day is given: nobody knows what is left. Nothing was taken; try again once the till is connected."
    );

patch(CardPage.prototype, {
    setup() {
        super.setup(...arguments);
        this.state.said = "";
    },

    /** Rights of the day with the articles of them that this till has. */
    get dayRights() {
        const products = this.till.pos.models["product.product"];
        return (this.page.day_rights || []).map((right) => ({
            ...right,
            goods: right.products.map((id) => products.get(id)).filter(Boolean),
        }));
    },

    leftText({ left, per_day: most }) {
        return left ? _t("%(left)s of %(most)s left", { left, most }) : _t("All taken today");
    },

    whyNot(right) {
        if (right.kind === "entry") {
            return _t("At the entrance: the card is tapped there.");
        }
        return right.goods.length ? "" : _t("Not handed out at this till.");
    },

    /** A question about rights that is asked again with the same words; never raises. */
    async askRights(method, ...args) {
        const { client, cardPages } = this.till;
        Object.assign(this.state, { busy: true, error: "", canRetry: false, said: "" });
        try {
            const answer = await client.patiently(() => cardPages.call(method, ...args));
            return answer.ok || answer.message ? answer : { ...answer, message: NETWORK() };
        } catch (error) {
            return { ok: false, message: cardPages.words(error) };
        } finally {
            this.state.busy = false;
        }
    },

    /** One touch: it is used up on the server, and stands in the basket for nothing. */
    async takeRight(right) {
        if (this.state.busy) {
            return;
        }
        const { pos } = this.till;
        const order = pos.getOrder();
        if (!order || order.finalized) {
            return this.refuse(_t("Open an order first: what is handed out stands on it."));
        }
        const product = await this.chooseGoods(right);
        if (!product) {
            return;
        }
        const uuid = uuidv4();
        const { uid } = this.props;
        const answer = await this.askRights("tibillet_right_take", uid, right.id, product.id, uuid);
        if (!answer.ok) {
            pos.tibilletRightsBack([uuid]); // it may have arrived though its answer did not
            return this.refuse(answer.message);
        }
        const line = await pos.tibilletAddDue(order, product, uuid, answer.name);
        if (!line) {
            pos.tibilletRightsBack([uuid]);
            return this.refuse(_t("It could not be put in the basket. Nothing was taken."));
        }
        this.state.page = { ...this.page, day_rights: answer.day_rights };
        this.state.said = _t("In the basket, for nothing: %s", product.display_name);
    },

    async chooseGoods({ name, goods }) {
        if (goods.length < 2) {
            return goods[0];
        }
        return makeAwaitable(this.till.dialog, SelectionPopup, {
            title: name,
            list: goods.map((product) => ({
                id: product.id,
                label: product.display_name,
                isSelected: false,
                item: product,
            })),
        });
    },

    /** They came, or leave: the server knows which. */
    async notePresence() {
        if (this.state.busy) {
            return;
        }
        const { uid } = this.props;
        const answer = await this.askRights("tibillet_presence", uid);
        if (!answer.ok) {
            return this.refuse(answer.message);
        }
        const page = await this.till.cardPages.look("tibillet_card_page", uid);
        if (page.ok) {
            this.state.page = page;
        }
        this.state.said = answer.message;
    },

    go() {
        this.state.said = "";
        return super.go(...arguments);
    },
});
