// An exported filter, or a stylizer with its style encoder: pixels in, pixels out.

import {loadAndCompile, Tensor} from '@litertjs/core';
import {useCpu} from './engine.js';
import {readPixels} from './stage.js';

const TOLERANCE = 16; // levels: what a GPU may differ from the CPU

export class Filter {
  strength = 1;
  last = null; // what went in and came out, to the byte
  #model;
  #encoder = null;
  #code = null;

  // A GPU may report success and paint something else: it has to paint the sample as
  // the CPU of the server did, or the CPU here takes over.
  static async load(entry, engine) {
    const filter = new Filter(entry, engine);
    try {
      await filter.#open();
      if (engine.options.accelerator === 'wasm' || (await filter.#paintsTheSample())) return filter;
    } catch (error) {
      if (engine.options.accelerator === 'wasm') throw error;
      console.warn(error);
    }
    filter.delete();
    const remark = 'WebGPU paints this filter wrongly here, so it runs on the CPU.';
    return Filter.load(entry, {...(await useCpu()), remark});
  }

  constructor(entry, engine) {
    Object.assign(this, {entry, engine, remark: engine.remark});
  }

  get takesStyle() {
    return this.entry.encoder !== null;
  }

  // RGBA pixels of the filter's size to the same, opaque.
  async paint(rgba) {
    const {entry} = this;
    const input = fromPixels(rgba, entry.dtype);
    const inputs = {frame: new Tensor(input, [1, entry.height, entry.width, 3])};
    if (this.takesStyle) {
      inputs.style_code = new Tensor(this.#code, [1, this.#code.length]);
      inputs.strength = new Tensor(new Float32Array([this.strength]), [1, 1]);
    }
    const output = await run(this.#model, entry, inputs);
    this.last = {input, output};
    return toPixels(output);
  }

  async readStyle(picture) {
    const {height, width} = this.entry.encoder;
    const input = fromPixels(readPixels(picture, width, height), 'float32');
    this.#code = await run(this.#encoder, this.entry.encoder, {style: new Tensor(input, [1, height, width, 3])});
  }

  delete() {
    this.#model?.delete();
    this.#encoder?.delete();
    this.#model = this.#encoder = null;
  }

  async #open() {
    this.#model = await loadAndCompile(this.entry.model, this.engine.options);
    if (!this.takesStyle) return;
    this.#encoder = await loadAndCompile(this.entry.encoder.model, this.engine.options);
    await this.readStyle(await fetchPicture(this.entry.encoder.sample));
  }

  async #paintsTheSample() {
    const {sample, painted, width, height} = this.entry;
    const [given, expected] = await Promise.all([sample, painted].map(fetchPicture));
    const here = await this.paint(readPixels(given, width, height));
    return readPixels(expected, width, height).every((level, i) => Math.abs(level - here[i]) <= TOLERANCE);
  }
}

// Tensors are memory of the runtime's: all are given back, whatever happens.
async function run(model, {signature, output}, inputs) {
  let outputs = {};
  try {
    outputs = await model.run(signature, inputs);
    return (await outputs[output].data()).slice();
  } finally {
    for (const tensor of [...Object.values(inputs), ...Object.values(outputs)]) tensor.delete();
  }
}

function fromPixels(rgba, dtype) {
  const count = rgba.length / 4;
  const values = dtype === 'uint8' ? new Uint8Array(3 * count) : new Float32Array(3 * count);
  const unit = dtype === 'uint8' ? 1 : 255;
  for (let i = 0; i < count; i++) {
    values[3 * i] = rgba[4 * i] / unit;
    values[3 * i + 1] = rgba[4 * i + 1] / unit;
    values[3 * i + 2] = rgba[4 * i + 2] / unit;
  }
  return values;
}

function toPixels(values) {
  const count = values.length / 3;
  const unit = values instanceof Uint8Array ? 1 : 255;
  const rgba = new Uint8ClampedArray(4 * count); // rounds, and clips
  for (let i = 0; i < count; i++) {
    rgba[4 * i] = values[3 * i] * unit;
    rgba[4 * i + 1] = values[3 * i + 1] * unit;
    rgba[4 * i + 2] = values[3 * i + 2] * unit;
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}

async function fetchPicture(path) {
  return createImageBitmap(await (await fetch(path)).blob());
}
