/** Whether a payment method is ours: a card on a reader. */
export const isWallet = (method) => method?.use_payment_terminal === "tibillet_nfc";
