// Filters as radio buttons with pictures: arrows and screen readers know them.

export function showGallery(fieldset, entries, first, choose) {
  for (const entry of entries) fieldset.append(makeCard(entry, entry === first, choose));
  const card = fieldset.querySelector('label:has(:checked)'); // shown, and the page left where it is
  if (card.offsetLeft + card.offsetWidth > fieldset.offsetLeft + fieldset.clientWidth) fieldset.scrollLeft = card.offsetLeft - fieldset.offsetLeft;
}

export function showRefused(list, sentences) {
  for (const sentence of sentences) list.append(element('li', {textContent: `Left out: ${sentence}`}));
}

function makeCard(entry, checked, choose) {
  const label = element('label', {title: entry.name});
  label.dataset.model = entry.model;
  label.append(
    element('input', {type: 'radio', name: 'filter', checked, onchange: () => choose(entry)}),
    element('img', {src: entry.painted, alt: ''}),
    element('strong', {textContent: entry.title}),
    element('small', {textContent: entry.recipe}),
    element('small', {textContent: `${entry.height} high × ${entry.width} wide`}), // in the order of `export --size`
  );
  return label;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
