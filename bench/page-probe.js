// Runs in the workbench's page: how long after a key press something stands on the screen, and which tasks were long.
/* global document, MutationObserver, performance, PerformanceObserver, requestAnimationFrame, window */
const longTasks = []
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longTasks.push(duration)
}).observe({ type: 'longtask' })

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
/** In view. Where a policy requires something of every model, some are there before a key is pressed. */
const squiggles = () => document.querySelectorAll('.squiggly-warning').length
let squigglesBefore = 0

window.prismaAuditBench = {
  expected: null,
  /** When the window stands as it will be typed in. */
  begin: () => (squigglesBefore = squiggles()),
  /** Before the key: what is to be waited for. `squiggle`: one more than at the beginning, none more, or null where none comes. */
  expect(text, squiggle) {
    this.expected = Promise.all([
      until(() => isWritten(text)),
      squiggle === null ? null : until(() => squiggles() > squigglesBefore === squiggle),
    ])
  },
  takeLongTasks: () => longTasks.splice(0),
}
