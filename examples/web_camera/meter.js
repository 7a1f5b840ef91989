// Frames per second and milliseconds, over the last second or two.

const WINDOW = 2000; // ms
const PATIENCE = 250; // ms between two texts, so that they can be read

export class Meter {
  frames = 0;
  #times = []; // pairs of when a frame was done, and what it took, in ms
  #text = '';
  #told = 0;

  reset() {
    this.frames = 0;
    this.#times = [];
    this.#told = 0;
  }

  count(milliseconds) {
    const now = performance.now();
    this.frames += 1;
    this.#times.push([now, milliseconds]);
    while (this.#times[0][0] < now - WINDOW) this.#times.shift();
    if (now - this.#told < PATIENCE) return this.#text;
    this.#told = now;
    return (this.#text = this.#tell(now));
  }

  #tell(now) {
    const times = this.#times;
    const mean = times.reduce((sum, [, taken]) => sum + taken, 0) / times.length;
    const rate = times.length > 1 ? (1000 * (times.length - 1)) / (now - times[0][0]) : 0;
    return `${rate ? `${rate.toFixed(1)} frames/s · ` : ''}${mean.toFixed(1)} ms`;
  }
}
