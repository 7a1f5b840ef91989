// Original and filtered on top of each other, and the divider between them.

const SHARPNESS = 640; // pixels of the original's longer side, at least

export class Stage {
  #element; #original; #filtered; #size = [0, 0];

  constructor(element, original, filtered) {
    this.#element = element;
    this.#original = original.getContext('2d', {alpha: false});
    this.#filtered = filtered.getContext('2d', {alpha: false});
  }

  // Takes on a filter's size; the original is shown as sharp as the screen deserves.
  resize(width, height) {
    const scale = Math.max(1, SHARPNESS / Math.max(width, height));
    this.#size = [width, height];
    Object.assign(this.#filtered.canvas, {width, height});
    Object.assign(this.#original.canvas, {width: Math.round(width * scale), height: Math.round(height * scale)});
    this.#element.style.setProperty('--ratio', width / height);
  }

  // Shows a frame as the original, and returns its pixels at the filter's size.
  take(frame, mirrored) {
    const [width, height] = this.#size;
    drawCovering(this.#original, frame, mirrored);
    return readPixels(frame, width, height, mirrored);
  }

  show(rgba) {
    const [width, height] = this.#size;
    this.#filtered.putImageData(new ImageData(rgba, width, height), 0, 0);
  }
}

// RGBA pixels of a picture that covers width x height, cut to it.
export function readPixels(picture, width, height, mirrored = false) {
  if (scratch.canvas.width !== width || scratch.canvas.height !== height) Object.assign(scratch.canvas, {width, height});
  drawCovering(scratch, picture, mirrored);
  return scratch.getImageData(0, 0, width, height).data;
}

const scratch = new OffscreenCanvas(1, 1).getContext('2d', {alpha: false, willReadFrequently: true});

function drawCovering(context, picture, mirrored) {
  const {width, height} = context.canvas;
  const [w, h] = [picture.videoWidth || picture.width, picture.videoHeight || picture.height];
  const scale = Math.min(w / width, h / height);
  const cut = [(w - scale * width) / 2, (h - scale * height) / 2, scale * width, scale * height];
  context.imageSmoothingQuality = 'high';
  context.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? width : 0, 0);
  context.drawImage(picture, ...cut, 0, 0, width, height);
}

const STEPS = {ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100};

// A slider for pointers, keys and screen readers alike.
export function makeDivider(divider, stage) {
  let percent = 50;
  const move = (to) => {
    percent = Math.min(100, Math.max(0, to));
    stage.style.setProperty('--split', `${percent}%`);
    divider.setAttribute('aria-valuenow', Math.round(percent));
    divider.setAttribute('aria-valuetext', `${Math.round(percent)} % original`);
  };
  const follow = (event) => {
    const box = stage.getBoundingClientRect();
    move((100 * (event.clientX - box.left)) / box.width);
  };
  divider.addEventListener('pointerdown', (event) => {
    divider.setPointerCapture(event.pointerId);
    divider.focus();
    event.preventDefault();
  });
  divider.addEventListener('pointermove', (event) => divider.hasPointerCapture(event.pointerId) && follow(event));
  divider.addEventListener('keydown', (event) => {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    move(percent + STEPS[event.key]);
  });
  move(percent);
}
