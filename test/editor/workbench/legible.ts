import assert from 'node:assert/strict'
import type { FrameLocator, Page } from 'playwright-core'

interface Measured {
  /** Pixels: the width of the content, and of the page. */
  readonly needed: number
  readonly given: number
  readonly texts: readonly { readonly text: string; readonly contrast: number }[]
}

/**
 * A page beside another editor, in half a window, does not scroll sideways; small text has WCAG's contrast of 4.5:1.
 */
export async function assertLegible(page: Page, shown: FrameLocator): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 1400, height: 900 }
  await page.setViewportSize({ width: 1050, height })
  const html = await shown.locator('html').elementHandle()
  const frame = await html.ownerFrame()
  assert.ok(frame !== null)
  const { needed, given, texts } = await frame.evaluate<Measured>(`(${MEASURE})(document.documentElement)`)
  await page.setViewportSize({ width, height })
  assert.ok(given < 720 && needed <= given, `${needed} of ${given} px`)
  assert.ok(texts.length > 10, `${texts.length} texts`)
  assert.deepEqual(
    texts.filter(({ contrast }) => contrast < 4.5),
    [],
  )
}

/** Runs in the page, so it is no TypeScript: the types of a browser are not those of the tests. */
const MEASURE = `html => {
  const channels = (color) =>
    color.startsWith('#')
      ? color.slice(1).match(/../g).map((hex) => parseInt(hex, 16))
      : color.slice(color.indexOf('(') + 1, -1).split(',').map(Number)
  const luminance = (color) => {
    const [red, green, blue] = color.map((channel) => {
      const part = channel / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  // The page itself is transparent: the editor behind it has the color.
  const behind = (element) => {
    if (element === null) return channels(getComputedStyle(html).getPropertyValue('--vscode-editor-background').trim())
    const [red, green, blue, alpha = 1] = channels(getComputedStyle(element).backgroundColor)
    if (alpha === 1) return [red, green, blue]
    const below = behind(element.parentElement)
    return [red, green, blue].map((channel, index) => channel * alpha + below[index] * (1 - alpha))
  }
  const isText = (element) =>
    element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')
  const texts = [...html.querySelectorAll('body *:not(style, script, option)')].filter(isText).map((element) => {
    const colors = [channels(getComputedStyle(element).color), behind(element)]
    const [dark, light] = colors.map(luminance).sort((a, b) => a - b)
    return { text: element.textContent.trim().slice(0, 40), contrast: (light + 0.05) / (dark + 0.05) }
  })
  return { needed: html.scrollWidth, given: html.clientWidth, texts }
}`
