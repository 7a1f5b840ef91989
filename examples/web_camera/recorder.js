// Snapshots and short clips of what is filtered, as downloads.

const LONGEST = 10_000; // ms of a clip
const KINDS = ['video/mp4', 'video/webm'];

export function saveSnapshot(canvas, title) {
  canvas.toBlob((blob) => download(blob, title, 'png'), 'image/png');
}

export class ClipRecorder {
  #canvas; #onChange; #recorder = null;

  constructor(canvas, onChange) {
    this.#canvas = canvas;
    this.#onChange = onChange;
  }

  // Starts a clip, or ends the one that runs; it ends by itself too.
  toggle(title, say) {
    if (this.#recorder) return this.#recorder.stop();
    const type = globalThis.MediaRecorder && KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    if (!type) return say('This browser cannot record clips.');
    const parts = [];
    const recorder = new MediaRecorder(this.#canvas.captureStream(), {mimeType: type, videoBitsPerSecond: 4e6});
    const limit = setTimeout(() => recorder.stop(), LONGEST);
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => {
      clearTimeout(limit);
      for (const track of recorder.stream.getTracks()) track.stop();
      this.#recorder = null;
      this.#onChange(false);
      download(new Blob(parts, {type}), title, type.split('/')[1]);
    };
    recorder.start();
    this.#recorder = recorder;
    this.#onChange(true);
    say(`Recording, ${LONGEST / 1000} seconds at most.`);
  }
}

function download(blob, title, suffix) {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const name = `${title ?? 'filtered'}-${time}.${suffix}`.replace(/[^\w.-]+/g, '-');
  const link = Object.assign(document.createElement('a'), {href: URL.createObjectURL(blob), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
