/** What records tell the till without knowing it: `drop` = a payment line leaves its order. */
export const tillEvents = new EventTarget();
