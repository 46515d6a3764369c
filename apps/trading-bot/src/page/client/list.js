/**
 * Terms and what they are now; the elements stay, so that nothing flickers and no focus is lost.
 *
 * @param {HTMLElement} list
 * @param {readonly (readonly [string, string])[]} entries
 */
export function fillList(list, entries) {
  while (list.children.length > entries.length) list.lastElementChild?.remove()
  for (const [index, [label, text]] of entries.entries()) {
    const entry = list.children[index] ?? list.appendChild(newEntry())
    const [term, description] = entry.children
    if (term && term.textContent !== label) term.textContent = label
    if (description && description.textContent !== text) description.textContent = text
    description?.classList.toggle('small', text.length > 14)
  }
}

function newEntry() {
  const entry = document.createElement('div')
  entry.append(document.createElement('dt'), document.createElement('dd'))
  return entry
}
