// Runs in the workbench's page: how long after a key press something stands on the screen.
/* global document, MutationObserver, performance, requestAnimationFrame, window */
let pressedAt = 0
document.addEventListener('keydown', (event) => (pressedAt = event.timeStamp), true)

/** Milliseconds from the last key press until the frame in which it is so. */
function until(isSo) {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return
      observer.disconnect()
      requestAnimationFrame(() => resolve(performance.now() - pressedAt))
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
    look()
  })
}

const isWritten = (text) =>
  [...document.querySelectorAll('.view-line')].some((line) =>
    line.textContent.replaceAll('\u00a0', ' ').startsWith(text),
  )
const hasSquiggle = () => document.querySelector('.squiggly-warning') !== null

window.prismaAuditBench = {
  expected: null,
  /** Before the key: what is to be waited for. `squiggle`: true, false, or null where none comes. */
  expect(text, squiggle) {
    this.expected = Promise.all([
      until(() => isWritten(text)),
      squiggle === null ? null : until(() => hasSquiggle() === squiggle),
    ])
  },
}
