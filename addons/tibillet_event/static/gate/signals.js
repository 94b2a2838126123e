/** Sounds and vibration: yes, no and look again differ without being seen. */

const NOTES = {
    yes: [
        [660, 0, 0.07],
        [990, 0.08, 0.07],
    ],
    no: [[165, 0, 0.3]],
    look: [
        [440, 0, 0.1],
        [440, 0.16, 0.1],
    ],
};
const SHAKES = { yes: [60], no: [250], look: [80, 60, 80] };

export class Signals {
    constructor(muted = false) {
        this.muted = muted;
        this.audio = null;
    }

    /** Called within a touch: browsers let a page sound only then. */
    wake() {
        const Audio = globalThis.AudioContext;
        this.audio ??= Audio ? new Audio() : null;
        this.audio?.resume?.();
    }

    give(kind) {
        navigator.vibrate?.(SHAKES[kind]);
        if (this.muted || this.audio?.state !== "running") {
            return;
        }
        for (const [pitch, after, length] of NOTES[kind]) {
            const from = this.audio.currentTime + after;
            const note = this.audio.createOscillator();
            const loud = this.audio.createGain();
            note.frequency.value = pitch;
            note.type = kind === "no" ? "square" : "sine";
            loud.gain.setValueAtTime(0.0001, from);
            loud.gain.exponentialRampToValueAtTime(0.4, from + 0.01);
            loud.gain.exponentialRampToValueAtTime(0.0001, from + length);
            note.connect(loud).connect(this.audio.destination);
            note.start(from);
            note.stop(from + length + 0.02);
        }
    }
}
