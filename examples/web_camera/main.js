// Wires the page: a source gives frames, a filter paints them, the stage shows both.

import {chooseEngine} from './engine.js';
import {Filter} from './filter.js';
import {showGallery, showRefused} from './gallery.js';
import {Meter} from './meter.js';
import {ClipRecorder, saveSnapshot} from './recorder.js';
import {Source} from './source.js';
import {makeDivider, Stage} from './stage.js';

const $ = (id) => document.getElementById(id);
const inspect = new URLSearchParams(location.search).has('inspect'); // for tests
const source = new Source();
const stage = new Stage($('stage'), $('original'), $('filtered'));
const meter = new Meter();
const clip = new ClipRecorder($('filtered'), (recording) => {
  $('clip').setAttribute('aria-pressed', recording);
  $('clip').lastElementChild.textContent = recording ? 'Stop' : 'Clip';
});
let filter = null;
let chosen = null; // the gallery's entry; `filter` follows when it is loaded
let loading = Promise.resolve();

const say = (text) => { $('status').textContent = text; };

// Shown before it speaks: screen readers say what changes in an alert that is there.
function notice(text) {
  $('notice').hidden = !text;
  $('notice-text').textContent = text;
  for (const behind of document.querySelectorAll('#stage > :not(#notice)')) behind.inert = Boolean(text);
}

// Filters are loaded one after the other; of several clicks in a row the last counts.
function choose(entry) {
  chosen = entry;
  loading = loading.then(() => entry === chosen && load(entry));
  return loading;
}

async function load(entry) {
  say(`Loading ${entry.title} …`);
  filter?.delete();
  filter = null;
  try {
    const loaded = await Filter.load(entry, await chooseEngine($('engine').value, entry));
    loaded.strength = $('strength').value / 100;
    stage.resize(entry.width, entry.height);
    filter = loaded;
    meter.reset();
    say(loaded.remark);
  } catch (error) {
    console.warn(error);
    say(`${entry.name} could not be run: it is damaged, or needs what this browser lacks. The other filters still work.`);
    document.querySelector(`[data-model="${entry.model}"]`)?.classList.add('broken');
  }
  $('engine-used').textContent = filter?.engine.label ?? '';
  $('strength-row').hidden = $('style-row').hidden = !filter?.takesStyle;
  $('style-name').textContent = 'a painting of ours, until you choose one';
  source.repaint();
}

async function paintForever() {
  for (;;) {
    const frame = await source.next();
    const painter = filter;
    if (!painter || !frame) continue;
    const start = performance.now();
    try {
      const pixels = stage.take(frame, source.mirrored);
      const painted = await painter.paint(pixels);
      if (painter !== filter) continue; // another was chosen meanwhile
      stage.show(painted);
      $('snapshot').disabled = $('clip').disabled = false;
    } catch (error) {
      if (painter !== filter) continue;
      console.warn(error);
      filter = null;
      say(`${painter.entry.name} stopped: ${error.message}. Choose another filter.`);
      continue;
    }
    $('speed').textContent = meter.count(performance.now() - start);
    if (inspect) window.lastFrame = {name: painter.entry.name, count: meter.frames, ...painter.last};
  }
}

async function useCamera(facing) {
  say('');
  try {
    await source.openCamera(facing);
    notice('');
  } catch (error) {
    notice(source.explain(error));
  }
  showSource();
}

async function useFile(open, name) {
  try {
    await open();
    notice('');
    say('');
  } catch {
    say(`${name} is no picture or video that this browser can open.`);
  }
  showSource();
}

async function openSample() {
  await source.openPicture(await (await fetch('/sample.png')).blob());
}

function showSource() {
  $('camera').setAttribute('aria-pressed', source.kind === 'camera');
  $('flip').hidden = source.kind !== 'camera' || source.cameras < 2;
  meter.reset();
}

function onFile(input, use) {
  input.addEventListener('change', () => {
    const [file] = input.files;
    input.value = ''; // so that the same file can be chosen again
    if (file) use(file);
  });
}

$('camera').onclick = $('retry').onclick = () => useCamera();
$('flip').onclick = () => useCamera(source.facing === 'user' ? 'environment' : 'user');
$('use-sample').onclick = () => useFile(openSample, 'The sample');
onFile($('file'), (file) => useFile(() => source.openFile(file), file.name));
onFile($('style-file'), async (file) => {
  const painter = filter;
  try {
    await painter.readStyle(await createImageBitmap(file));
    $('style-name').textContent = file.name;
  } catch {
    say(`${file.name} is no picture that this browser can open.`);
  }
  source.repaint();
});
$('strength').oninput = () => {
  $('strength-value').textContent = `${$('strength').value} %`;
  if (filter) filter.strength = $('strength').value / 100;
  source.repaint();
};
$('engine').onchange = () => chosen && choose(chosen);
$('snapshot').onclick = () => saveSnapshot($('filtered'), chosen?.title);
$('clip').onclick = () => clip.toggle(chosen?.title, say);
source.onlost = () => notice('The camera was taken away. Connect it, and try again.');
makeDivider($('divider'), $('stage'));

const camera = useCamera();
const gallery = await (await fetch('/gallery.json')).json();
showRefused($('refused'), gallery.refused);
const first = gallery.filters.find((entry) => entry.dtype === 'uint8') ?? gallery.filters[0]; // runs well anywhere
showGallery($('gallery'), gallery.filters, first, choose);
await Promise.all([choose(first), camera]);
paintForever();
