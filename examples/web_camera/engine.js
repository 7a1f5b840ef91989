// LiteRT.js, as the browser allows: WebGPU, or WebAssembly with threads.

import {loadLiteRt, supportsFeature, unloadLiteRt} from '@litertjs/core';

const WASM = '/litert/core/wasm/'; // a folder: the runtime picks its variant there
const THREADS = crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency || 1) : 1;
let loaded = null; // which variant is in memory: it holds one at a time

// Files of raw pixels are made for CPUs; floats go to a GPU, where there is a real one.
export async function chooseEngine(wanted, entry) {
  const suits = wanted === 'webgpu' || (wanted === 'auto' && entry.dtype === 'float32');
  const why = suits && wanted === 'webgpu' && !(await findGpu(true));
  if (suits && (await findGpu(wanted === 'webgpu'))) return useGpu();
  const engine = await useCpu();
  return why ? {...engine, remark: 'This browser offers no WebGPU, so the filter runs on the CPU.'} : engine;
}

async function findGpu(anyKind) {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  const software = adapter?.info?.isFallbackAdapter ?? adapter?.isFallbackAdapter;
  return adapter && (anyKind || !software);
}

async function useGpu() {
  await variant({jspi: await supportsFeature('jspi')});
  return {label: 'WebGPU', options: {accelerator: 'webgpu'}, remark: ''};
}

export async function useCpu() {
  await variant({threads: THREADS > 1});
  const label = THREADS > 1 ? `WebAssembly, ${THREADS} threads` : 'WebAssembly';
  return {label, options: {accelerator: 'wasm', cpuOptions: {numThreads: THREADS}}, remark: ''};
}

async function variant(options) {
  const name = JSON.stringify(options);
  if (loaded === name) return;
  if (loaded) unloadLiteRt();
  loaded = null;
  await loadLiteRt(WASM, options);
  loaded = name;
}
