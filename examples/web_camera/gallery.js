// Filters as radio buttons with pictures: arrows and screen readers know them.

export function showGallery(fieldset, entries, first, choose) {
  for (const entry of entries) fieldset.append(card(entry, entry === first, choose));
  fieldset.querySelector('label:has(:checked)').scrollIntoView({block: 'nearest'});
}

export function showRefused(list, sentences) {
  for (const sentence of sentences) list.append(element('li', {textContent: `Left out: ${sentence}`}));
}

function card(entry, checked, choose) {
  const label = element('label', {title: entry.name});
  label.dataset.model = entry.model;
  label.append(
    element('input', {type: 'radio', name: 'filter', checked, onchange: () => choose(entry)}),
    element('img', {src: entry.painted, alt: ''}),
    element('strong', {textContent: entry.title}),
    element('small', {textContent: `${entry.recipe} · ${entry.width}×${entry.height}`}),
  );
  return label;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
