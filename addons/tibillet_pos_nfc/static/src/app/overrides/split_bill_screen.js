import { patch } from "@web/core/utils/patch";
import { SplitBillScreen } from "@pos_restaurant/app/screens/split_bill_screen/split_bill_screen";

patch(SplitBillScreen.prototype, {
    get tibilletBill() {
        return this.pos.tibilletTill.bill;
    },

    /** What a card holds for this bill stays covered by what is left on it. */
    get tibilletMaySplit() {
        const order = this.currentOrder;
        const selected = this.getNumberOfProducts();
        const isSplit = selected > 0 && selected < this.totOrderQty;
        const left = order.totalDue - this.newOrderPrice;
        return !isSplit || !this.tibilletBill.isOverpaid(order, left);
    },

    async paySplittedOrder() {
        if (!this.tibilletMaySplit) {
            return this.tibilletBill.refuseToTakeGoods(this.currentOrder);
        }
        return super.paySplittedOrder(...arguments);
    },

    async transferSplittedOrder(event) {
        if (!this.tibilletMaySplit) {
            event.stopPropagation();
            return this.tibilletBill.refuseToTakeGoods(this.currentOrder);
        }
        return super.transferSplittedOrder(...arguments);
    },
});
