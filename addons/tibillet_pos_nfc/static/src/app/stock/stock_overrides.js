import { useState } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { Navbar } from "@point_of_sale/app/components/navbar/navbar";
import { ProductCard } from "@point_of_sale/app/components/product_card/product_card";
import { ProductInfoPopup } from "@point_of_sale/app/components/popups/product_info_popup/product_info_popup";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";
import { StockDialog } from "./stock_dialog";

const { DateTime } = luxon;

patch(PosStore.prototype, {
    /** A barcode, a combo and an option come by here too. */
    async addLineToOrder(vals) {
        const { product_tmpl_id: given, product_id: variant } = vals;
        const template =
            typeof given === "number"
                ? this.models["product.template"].get(given)
                : given || variant?.product_tmpl_id;
        const back = Number(vals.qty) < 0;
        if (!back && template && this.tibilletTill?.stock.refusesProduct(template)) {
            return;
        }
        return super.addLineToOrder(...arguments);
    },

    /** Whether this till takes cards, and who is signed in may touch its stock. */
    get tibilletMayTouchStock() {
        const role = this.getCashier()?._role;
        const byManager = this.config.tibillet_stock_by === "manager";
        const takesCards = this.config.payment_method_ids.some(isWallet);
        return takesCards && (byManager ? role === "manager" : role !== "minimal");
    },

    tibilletOpenStock(props = {}) {
        return this.dialog.add(StockDialog, { pos: this, ...props });
    },
});

patch(PosOrderline.prototype, {
    setup() {
        super.setup(...arguments);
        if (typeof this.id !== "number" && !this.tibillet_added_at) {
            this.tibillet_added_at = DateTime.now();
        }
    },

    /** One more of it is asked for now. */
    setQuantity() {
        const before = this.qty;
        const result = super.setQuantity(...arguments);
        if (this.qty > before && this.qty > 0) {
            this.tibillet_added_at = DateTime.now();
        }
        return result;
    },
});

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        if (this.pos.tibilletTill && !this.pos.tibilletTill.stock.admits(this.order)) {
            return false;
        }
        return super.isOrderValid(...arguments);
    },
});

patch(ProductCard.prototype, {
    setup() {
        super.setup(...arguments);
        const till = this.env.services.tibillet_till;
        this.tibilletStock = till && useState(till.state);
    },

    /** Only its own product is looked at: a change draws one card again, not two hundred. */
    get tibilletIsOut() {
        const template = this.props.product?.product_tmpl_id || this.props.product;
        return Boolean(this.tibilletStock?.soldOut[template?.id]);
    },
});

patch(ProductInfoPopup.prototype, {
    setup() {
        super.setup(...arguments);
        const till = this.env.services.tibillet_till;
        this.tibilletStock = till && useState(till.state);
    },

    get tibilletIsOut() {
        return Boolean(this.tibilletStock?.soldOut[this.props.productTemplate.id]);
    },

    async tibilletSay(out) {
        const { stock } = this.pos.tibilletTill;
        this.props.close();
        const answer = await stock.say(this.props.productTemplate.id, out);
        if (!answer.ok) {
            stock.tell(answer);
        }
    },

    tibilletLose() {
        this.props.close();
        const [variant] = this.props.productTemplate.product_variant_ids;
        this.pos.tibilletOpenStock({ step: "loss", productId: variant?.id });
    },
});

patch(Navbar.prototype, {
    tibilletOpenStock() {
        this.pos.tibilletOpenStock();
    },
});
