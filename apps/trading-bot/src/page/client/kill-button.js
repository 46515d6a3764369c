/**
 * The button that kills the bot. While it is dead the button says so, and keeps the focus: it is not
 * disabled, or a keyboard would have to find it again after each crash.
 *
 * @returns {{ setAlive: (isAlive: boolean) => void, disable: () => void }}
 */
export function prepareKillButton() {
  const button = document.getElementById('kill')
  const answer = document.getElementById('kill-answer')
  if (!(button instanceof HTMLButtonElement) || answer === null) throw new Error('no button')
  const token = document.querySelector('meta[name="kill-token"]')?.getAttribute('content') ?? ''
  const kill = async () => {
    const response = await fetch('/kill', { method: 'POST', headers: { 'x-kill-token': token } })
    return response.text()
  }
  button.addEventListener('click', () => {
    kill().then(
      (text) => (answer.textContent = text),
      () => (answer.textContent = 'The show does not answer any more.'),
    )
  })
  return {
    setAlive(isAlive) {
      button.setAttribute('aria-disabled', String(!isAlive))
    },
    disable() {
      button.disabled = true
    },
  }
}
