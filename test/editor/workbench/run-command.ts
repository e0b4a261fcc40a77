import path from 'node:path'
import type { Page } from 'playwright-core'

/** F1, type, Enter. The box of a command that asks for something stays open. */
export async function runCommand(page: Page, title: string, box: 'closes' | 'stays' = 'closes'): Promise<void> {
  await focusRow(page, { key: 'F1', typed: title, row: title })
  await page.keyboard.press('Enter')
  if (box === 'closes') await page.locator(INPUT).waitFor({ state: 'hidden' })
  else await page.locator('.quick-input-title', { hasText: title }).waitFor()
}

/** By the end of its path. */
export async function openFile(page: Page, end: string): Promise<void> {
  const name = path.basename(end)
  await focusRow(page, { key: 'Control+p', typed: end, row: name })
  await page.keyboard.press('Enter')
  await page.locator('.tab.active', { hasText: name }).waitFor()
}

/** Opens the box by a key and types, until the row has the focus. */
async function focusRow(
  page: Page,
  { key, typed, row: shown }: { readonly key: string; readonly typed: string; readonly row: string },
): Promise<void> {
  const input = page.locator(INPUT)
  // The list is filtered some time after the typing, and Enter takes the row that has the focus then.
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: shown })
  for (let left = 5, isShown = false; !isShown; left--) {
    await page.keyboard.press(key)
    const timeout = left > 0 ? 10_000 : 60_000
    // What opens at that moment takes the focus, and the key or the box is lost: whoever sits there presses it again.
    isShown = await input
      .waitFor({ timeout })
      .then(() => page.keyboard.type(typed))
      .then(() => row.waitFor({ timeout }))
      .then(
        () => true,
        (error: unknown) => {
          if (left === 0) throw error
          return false
        },
      )
  }
}

const INPUT = '.quick-input-widget input.input'
